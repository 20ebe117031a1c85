package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of an endpoint, their turn, and their places. */
class EndpointCallsTest extends EndpointKit {
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
  void callsUnderWayCountAsUsedUntilTheyAreAnswered() {
    EndpointRateLimiter limiter = builder().limit("/a", FIVE).adaptive(it -> {}).build();
    CompletableFuture<String> answered = new CompletableFuture<>();
    var calls =
        List.of(
            limiter.executeAsync("/a", () -> answered),
            limiter.executeAsync("/a", () -> answered),
            limiter.executeAsync("/a", () -> new CompletableFuture<String>()));

    // 12 less two others under way: 90 % of 10 a minute.
    limiter.onAnswer("/a", 200, left(12));
    assertThat(limiter.limit("/a").requests()).isEqualTo(3);
    assertThat(limiter.limit("/a").periodMillis()).isEqualTo(20_000);
    answered.complete("");
    assertThat(calls).filteredOn(CompletableFuture::isDone).hasSize(2);
    limiter.onAnswer("/a", 200, left(11));
    assertThat(limiter.limit("/a").requests()).isEqualTo(33);
    assertThat(limiter.limit("/a").periodMillis()).isEqualTo(200_000);
  }

  /** The header fields of an answer after which so many of 100 a minute are left. */
  private static Function<String, List<String>> left(int remaining) {
    Map<String, String> fields =
        Map.of(
            "RateLimit-Policy", "\"p\";q=100;w=60", "RateLimit", "\"p\";r=" + remaining + ";t=60");
    return name -> Optional.ofNullable(fields.get(name)).stream().toList();
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
}
