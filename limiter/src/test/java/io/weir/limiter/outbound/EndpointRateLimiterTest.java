package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RateLimitAnswer;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointRateLimiterTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final Limit TWO = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(2);
  private static final Limit FIVE = TWO.withBurst(5);

  private final FakeClock clock = new FakeClock(1_700_000_000_000L);
  private final FakeTimer timer = new FakeTimer(clock);
  private final Recorder recorder = new Recorder();

  private EndpointRateLimiter.Builder builder() {
    return EndpointRateLimiter.builder(TWO)
        .name("api")
        .clock(clock)
        .timer(timer)
        .executor(Runnable::run)
        .listener(recorder);
  }

  @Test
  void aNewEndpointHasALimiterOfItsOwnWithTheDefaultLimit() {
    EndpointRateLimiter limiter = builder().build();

    assertThat(limiter.acquire("GET /a", 2)).isZero();
    assertThat(limiter.tryAcquire("GET /a?page=2")).isFalse();
    assertThat(limiter.tryAcquire("GET /b")).isTrue();
    assertThat(limiter.availableTokens("GET /b")).isEqualTo(1);
    assertThat(limiter.limit("GET /b")).isEqualTo(TWO);
    assertThat(limiter.endpoints()).isEqualTo(2);
  }

  @Test
  void allThatAPatternMatchesSharesALimiterOnEachHost() {
    EndpointRateLimiter limiter =
        builder().limit("GET /repos/{owner}/**", FIVE).limit("GET /repos/{owner}", TWO).build();

    assertThat(limiter.acquire("GET h1/repos/a/x", 5)).isZero();
    assertThat(limiter.tryAcquire("GET h1/repos/b/y/z")).isFalse();
    assertThat(limiter.availableTokens("GET h2/repos/b/y/z")).isEqualTo(5);
    assertThat(limiter.availableTokens("GET h1/repos/a")).isEqualTo(2);
    assertThat(limiter.endpoints()).isEqualTo(3);
  }

  @Test
  void callsRunAtTheTurnOfTheirEndpoint() throws Exception {
    EndpointRateLimiter limiter = builder().concurrency(1).build();

    assertThat(limiter.execute("/a", () -> "ran", 2, LONG)).isEqualTo("ran");
    CompletableFuture<String> waits =
        limiter.executeAsync("/a", () -> CompletableFuture.completedFuture("a"));
    CompletableFuture<String> other =
        limiter.executeAsync("/b", () -> CompletableFuture.completedFuture("b"));
    assertThat(other).isCompletedWithValue("b");
    assertThat(limiter.waiting("/a")).isEqualTo(1);
    timer.advance(100);
    assertThat(waits).isCompletedWithValue("a");
    assertThat(limiter.execute("/b", () -> "b")).isEqualTo("b");
  }

  @Test
  void callsOfOneEndpointDoNotWaitForPlacesOfAnother() {
    EndpointRateLimiter limiter = builder().concurrency(1).build();
    CompletableFuture<String> answer = new CompletableFuture<>();
    var running = limiter.executeAsync("/a", () -> answer);
    var waiting = limiter.executeAsync("/a", () -> CompletableFuture.completedFuture("2"));
    var other = limiter.executeAsync("/b", () -> CompletableFuture.completedFuture("b"));

    assertThat(other).isCompleted();
    assertThat(waiting).isNotDone();
    answer.complete("1");
    assertThat(running).isCompletedWithValue("1");
    assertThat(waiting).isCompletedWithValue("2");
  }

  @Test
  void aPlaceIsFreeBeforeWhatDependsOnTheCallRuns() {
    EndpointRateLimiter limiter = builder().concurrency(1).build();
    CompletableFuture<String> stage = new CompletableFuture<>();
    List<Boolean> done = new ArrayList<>();
    var unused =
        limiter
            .executeAsync("GET /a", () -> stage)
            .thenAccept(
                answer ->
                    done.add(
                        limiter
                            .executeAsync("GET /a", () -> CompletableFuture.completedFuture("b"))
                            .isDone()));

    stage.complete("a");
    assertThat(done).containsExactly(true);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoeverCompletesACallThatWaitsGivesItsPlaceBack(boolean fails) {
    EndpointRateLimiter limiter = builder().concurrency(1).build();
    CompletableFuture<String> stage = new CompletableFuture<>();
    var running = limiter.executeAsync("GET /a", () -> stage);
    CompletableFuture<String> waiting =
        limiter.executeAsync("GET /a", () -> CompletableFuture.completedFuture("no"));

    assertThat(
            fails
                ? waiting.completeExceptionally(new TimeoutException())
                : waiting.complete("otherwise"))
        .isTrue();
    assertThat(limiter.waiting("GET /a")).isZero();
    stage.complete("a");
    assertThat(running).isCompleted();
    assertThat(limiter.executeAsync("GET /a", () -> CompletableFuture.completedFuture("b")))
        .isCompleted();
  }

  @Test
  void anExecutorThatHasNoThreadFailsTheCallAndFreesItsPlace() {
    AtomicBoolean hasThreads = new AtomicBoolean();
    EndpointRateLimiter limiter =
        builder()
            .concurrency(1)
            .executor(
                task -> {
                  if (!hasThreads.get()) {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                  task.run();
                })
            .build();
    CompletableFuture<String> stage = new CompletableFuture<>();
    var running = limiter.executeAsync("GET /a", () -> stage);
    CompletableFuture<String> waiting =
        limiter.executeAsync("GET /a", () -> CompletableFuture.completedFuture("no"));

    stage.complete("a");
    assertThat(running).isCompleted();
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(OutOfMemoryError.class);
    timer.advance(1_000);
    hasThreads.set(true);
    assertThat(limiter.executeAsync("GET /a", () -> CompletableFuture.completedFuture("b")))
        .isCompleted();
  }

  @Test
  void tokensThatCouldNeverBeHadAreAnErrorAtTheCall() {
    EndpointRateLimiter limiter = builder().concurrency(1).build();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                limiter.executeAsync(
                    "GET /a",
                    () -> CompletableFuture.completedFuture("no"),
                    1_000_000,
                    Duration.ofDays(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.execute("GET /a", () -> 1, 0, Duration.ofDays(1)));
  }

  @Test
  void aCallThatThrowsBeforeItStartsFreesItsPlace() {
    EndpointRateLimiter limiter = builder().concurrency(1).build();
    CompletableFuture<String> failed =
        limiter.executeAsync(
            "/a",
            () -> {
              throw new IllegalStateException("no");
            });

    assertThat(failed).isCompletedExceptionally();
    assertThat(limiter.executeAsync("/a", () -> CompletableFuture.completedFuture(1)))
        .isCompleted();
  }

  @Test
  void anUpdateOfAPatternHoldsForItsLimitersAndForThoseToCome() {
    EndpointRateLimiter limiter = builder().limit("/a/**", TWO).build();
    limiter.acquire("h1/a/x", 2);

    limiter.updateRateLimit("/a/**", FIVE);
    assertThat(limiter.limit("h1/a/x")).isEqualTo(FIVE);
    assertThat(limiter.availableTokens("h1/a/x")).isEqualTo(3);
    assertThat(limiter.availableTokens("h2/a/x")).isEqualTo(5);
  }

  @Test
  void patternsThatDifferInTheNamesOfTheirSegmentsAreOne() {
    EndpointRateLimiter limiter =
        builder().limit("/repos/{owner}/**", TWO).limit("/repos/{o}/**", FIVE).build();
    assertThat(limiter.acquire("/repos/a/x", 5)).isZero();

    limiter.updateRateLimit("/repos/{any}/**", FIVE.withBurst(7));
    assertThat(limiter.limit("/repos/b")).isEqualTo(FIVE.withBurst(7));
    assertThat(limiter.availableTokens("/repos/b")).isEqualTo(2);
    assertThat(limiter.endpoints()).isEqualTo(1);
  }

  @Test
  void anUpdateOfOneEndpointKeepsWhatItUsed() {
    EndpointRateLimiter limiter = builder().build();
    limiter.acquire("GET /a", 2);

    limiter.updateRateLimit("GET /a", FIVE);
    assertThat(limiter.availableTokens("GET /a")).isEqualTo(3);
    assertThat(limiter.availableTokens("GET /b")).isEqualTo(2);
    limiter.updateRateLimit("GET /c", FIVE);
    assertThat(limiter.availableTokens("GET /c")).isEqualTo(5);
  }

  @Test
  void whatIsIdleForLongIsForgottenOnceItIsFull() {
    EndpointRateLimiter limiter = builder().idleAfter(Duration.ofMillis(150)).build();
    limiter.acquire("/a", 2);

    timer.advance(150);
    limiter.tryAcquire("/b");
    assertThat(limiter.endpoints()).isEqualTo(2);
    timer.advance(50);
    limiter.tryAcquire("/c");
    assertThat(limiter.endpoints()).isEqualTo(2);
    assertThat(limiter.availableTokens("/a")).isEqualTo(2);
  }

  @Test
  void whoWaitsOrRunsIsNotForgotten() {
    EndpointRateLimiter limiter = builder().idleAfter(Duration.ZERO).concurrency(1).build();
    CompletableFuture<String> answer = new CompletableFuture<>();
    var running = limiter.executeAsync("/a", () -> answer);
    timer.advance(60_000);

    limiter.tryAcquire("/b");
    assertThat(limiter.executeAsync("/a", () -> CompletableFuture.completedFuture("2")))
        .isNotDone();
    answer.complete("1");
    assertThat(running).isCompleted();
  }

  @Test
  void whereThereIsNoRoomWhatIsIdleGoesFirst() {
    EndpointRateLimiter limiter = builder().maxEndpoints(2).build();
    limiter.tryAcquire("/a");
    limiter.availableTokens("/b");

    limiter.acquire("/c", 2);
    assertThat(limiter.endpoints()).isEqualTo(2);
    assertThat(limiter.availableTokens("/a")).isEqualTo(1);
  }

  @Test
  void whatIsIdleBehindManyThatAreInUseIsFoundInTheEnd() {
    EndpointRateLimiter limiter = builder().maxEndpoints(100).build();
    for (int i = 0; i < 99; i++) {
      limiter.tryAcquire("/busy/" + i);
    }
    limiter.availableTokens("/idle");

    for (int i = 0; i < 10; i++) {
      limiter.availableTokens("/new");
    }
    limiter.tryAcquire("/new");
    limiter.tryAcquire("/further");
    assertThat(limiter.availableTokens("/new")).isEqualTo(1);
  }

  @Test
  void whereAllAreInUseFurtherOnesShareOne() {
    EndpointRateLimiter limiter = builder().maxEndpoints(1).build();
    limiter.tryAcquire("/a");

    assertThat(limiter.acquire("/b", 2)).isZero();
    assertThat(limiter.tryAcquire("/c")).isFalse();
    assertThat(limiter.endpoints()).isEqualTo(2);
    timer.advance(60_000);
    assertThat(limiter.tryAcquire("/c")).isTrue();
    assertThat(limiter.endpoints()).isEqualTo(1);
  }

  @Test
  void whereAllAreInUseWhatAPatternMatchesKeepsItsLimit() {
    EndpointRateLimiter limiter =
        builder()
            .maxEndpoints(1)
            .limit("/wide/**", FIVE)
            .limit("/one/**", TWO.withBurst(1))
            .build();
    limiter.tryAcquire("/a");

    assertThat(limiter.limit("h1/wide/x")).isEqualTo(FIVE);
    assertThat(limiter.acquire("h1/wide/x", 4)).isZero();
    assertThat(limiter.availableTokens("h2/wide/x")).isEqualTo(1);
    assertThat(limiter.tryAcquire("h1/one/x")).isTrue();
    assertThat(limiter.tryAcquire("h2/one/x")).isFalse();
    assertThat(limiter.limit("/b")).isEqualTo(TWO);

    limiter.updateRateLimit("/wide/**", FIVE.withBurst(9));
    assertThat(limiter.availableTokens("h3/wide/x")).isEqualTo(5);
  }

  @Test
  void closingEndsThoseThatShareALimiterToo() {
    EndpointRateLimiter limiter = builder().maxEndpoints(1).build();
    limiter.tryAcquire("/a");
    limiter.acquire("/b", 2);
    var waiting = limiter.executeAsync("/b", () -> CompletableFuture.completedFuture(1));

    limiter.close();
    assertThat(waiting).isCompletedExceptionally();
  }

  @Test
  void eachLimiterFollowsTheAnswersOfItsEndpoint() {
    EndpointRateLimiter limiter = builder().adaptive(it -> it.safety(0.5)).build();

    limiter.onAnswer("/a", new RateLimitAnswer(429, List.of(), OptionalLong.of(5_000)));
    limiter.onAnswer("/b", 200, name -> List.of());
    assertThat(limiter.availableTokens("/a")).isZero();
    assertThat(limiter.availableTokens("/b")).isEqualTo(2);
    timer.advance(5_100);
    assertThat(limiter.availableTokens("/a")).isEqualTo(0);
    timer.advance(100);
    assertThat(limiter.availableTokens("/a")).isEqualTo(1);
  }

  @Test
  void withoutFollowingAnswersChangeNothing() {
    EndpointRateLimiter limiter = builder().build();

    limiter.onAnswer("/a", new RateLimitAnswer(429, List.of(), OptionalLong.of(5_000)));
    assertThat(limiter.endpoints()).isZero();
    assertThat(limiter.tryAcquire("/a")).isTrue();
  }

  @Test
  void listenersAreToldPatternsAndNotPaths() {
    List<String> names = new CopyOnWriteArrayList<>();
    EndpointRateLimiter limiter =
        builder()
            .limit("/a/{id}", TWO)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    names.add(name);
                  }
                })
            .build();

    limiter.tryAcquire("h/a/1");
    limiter.tryAcquire("h/b/1");
    assertThat(names).containsExactly("api /a/{id}", "api (default)");
  }

  @Test
  void closingEndsAll() {
    EndpointRateLimiter limiter = builder().build();
    limiter.acquire("/a", 2);
    var waiting = limiter.executeAsync("/a", () -> CompletableFuture.completedFuture(1));

    limiter.close();
    assertThat(waiting).isCompletedExceptionally();
    assertThatIllegalStateException()
        .isThrownBy(() -> limiter.tryAcquire("/b"))
        .withMessage("'api' is closed");
  }

  @Test
  void closingFailsThoseThatWaitForAPlaceAndLeavesAloneThoseThatRun() {
    EndpointRateLimiter limiter = builder().concurrency(1).build();
    CompletableFuture<String> answer = new CompletableFuture<>();
    var running = limiter.executeAsync("/a", () -> answer);
    var waiting = limiter.executeAsync("/a", () -> CompletableFuture.completedFuture("2"));

    limiter.close();
    assertThat(waiting)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("'api (default)' was closed");
    answer.complete("1");
    assertThat(running).isCompletedWithValue("1");
  }

  @Test
  void settingsThatMakeNoSenseAreErrors() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxEndpoints(0))
        .withMessage("maxEndpoints is 0; it must be 1 or more");
    assertThatIllegalArgumentException().isThrownBy(() -> builder().limit("/**/a", TWO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().limit("/a", Limit.fixedWindow(1, LONG)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().idleAfter(Duration.ofMillis(-1)));
  }
}
