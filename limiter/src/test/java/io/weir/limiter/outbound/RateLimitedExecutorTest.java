package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RateLimitedExecutorTest extends ExecutorKit {
  @Test
  void withARateTasksStartAtItsPaceInArrivalOrder() {
    RateLimitedExecutor executor = direct().rate(TEN).build();
    var a = executor.submit(task("a"));
    var b = executor.submit(task("b"));
    var c = executor.submit(task("c"), 2, LONG);
    var d = executor.submit(task("d"));

    assertThat(a).isCompletedWithValue("a");
    assertThat(b).isCompletedWithValue("b");
    assertThat(executor.waiting()).isEqualTo(2);
    timer.advance(199);
    assertThat(c).isNotDone();
    timer.advance(1);
    assertThat(c).isCompleted();
    timer.advance(100);
    assertThat(d).isCompleted();
    assertThat(started).containsExactly("a", "b", "c", "d");
    assertThat(executor.unfinished()).isZero();
    assertThat(recorder.events).noneMatch(it -> it.contains("CONCURRENCY"));
  }

  @Test
  void withAConcurrencySoManyRunAtOnceInArrivalOrder() {
    RateLimitedExecutor executor = stepped().concurrency(2).build();
    var a = executor.submit(task("a"));
    var b = executor.submit(task("b"));
    var c = executor.submit(task("c"));

    assertThat(running).hasSize(2);
    assertThat(executor.waiting()).isEqualTo(1);
    assertThat(recorder.events)
        .containsExactly(
            "acquired 1 after 0", "acquired 1 after 0", "waits for CONCURRENCY behind 0");
    timer.advance(70);
    running.remove().run();
    assertThat(recorder.events).last().isEqualTo("acquired 1 after 70");
    assertThat(a).isCompleted();
    assertThat(running).hasSize(2);
    running.remove().run();
    running.remove().run();
    assertThat(List.of(b, c)).allMatch(CompletableFuture::isDone);
    assertThat(started).containsExactly("a", "b", "c");
  }

  @Test
  void aTaskThatIsGivenUpBetweenItsTurnAndItsStartIsToldAsGivenBack() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    executor.submit(task("a")).cancel(false);

    assertThat(recorder.events).containsExactly("acquired 1 after 0", "given back 1");
  }

  @Test
  void noTaskIsAnErrorAtOnce() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    assertThatNullPointerException().isThrownBy(() -> executor.submit(nothing()));
    assertThatNullPointerException().isThrownBy(() -> executor.execute(nothing()));
    assertThat(executor.unfinished()).isZero();
    assertThat(running).isEmpty();
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // That is what is tested.
  private static <T> T nothing() {
    return (T) null;
  }

  @Test
  void withBothATaskTakesItsTokensWhenItHasAPlace() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var a = executor.submit(task("a"));
    var b = executor.submit(task("b"));
    var c = executor.submit(task("c"));
    timer.advance(60_000);
    assertThat(running).hasSize(1);

    // Had they taken their tokens while they waited for places, three more would follow at once.
    running.remove().run();
    running.remove().run();
    running.remove().run();
    assertThat(List.of(a, b, c)).allMatch(CompletableFuture::isDone);
    var d = executor.submit(task("d"));
    assertThat(d).isNotDone();
    assertThat(running).isEmpty();
    timer.advance(100);
    running.remove().run();
    assertThat(d).isCompleted();
  }

  @Test
  void asManyAsMayWaitForAPlaceWhereWhatRunsEndsAtOnce() {
    AtomicBoolean steps = new AtomicBoolean(true);
    RateLimitedExecutor executor =
        builder()
            .concurrency(1)
            .workers(
                task -> {
                  if (steps.get()) {
                    running.add(task);
                  } else {
                    task.run();
                  }
                })
            .build();
    List<CompletableFuture<String>> all = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      all.add(executor.submit(task("t")));
    }
    steps.set(false);

    running.remove().run();
    assertThat(all).allMatch(it -> it.isDone() && !it.isCompletedExceptionally());
    assertThat(executor.waiting()).isZero();
  }

  @Test
  void aPlaceIsFreeBeforeWhatDependsOnTheTaskRuns() {
    RateLimitedExecutor executor = direct().rate(TEN).concurrency(1).build();
    CompletableFuture<Integer> waitingThen =
        executor.submit(task("a"), 2, LONG).thenApply(a -> executor.waiting());
    var b = executor.submit(task("b"));
    List<Boolean> done = new ArrayList<>();
    var unused = b.thenRun(() -> done.add(executor.submit(task("c")).isDone()));

    assertThat(waitingThen).isCompletedWithValue(0);
    timer.advance(200);
    // It waits for its token, and not for the place of what it depends on.
    assertThat(recorder.events).last().isEqualTo("acquired 1 after 100");
    assertThat(started).containsExactly("a", "b", "c");
    assertThat(done).containsExactly(false);
  }

  @Test
  void aLimiterThatIsGivenIsSharedAndStaysOpen() {
    TokenBucketRateLimiter limiter =
        TokenBucketRateLimiter.builder(TEN).clock(clock).timer(timer).build();
    RateLimitedExecutor executor = direct().limiter(limiter).build();

    assertThat(executor.submit(task("a"))).isCompleted();
    assertThat(limiter.availableTokens()).isEqualTo(1);
    executor.updateRateLimit(TEN.withBurst(9));
    executor.close();
    assertThat(limiter.limit().burst()).isEqualTo(9);
    assertThat(limiter.tryAcquire()).isTrue();
  }

  @Test
  void tasksRunOnThreadsThatKeepNoJvmAlive() throws Exception {
    try (RateLimitedExecutor executor = RateLimitedExecutor.builder().rate(TEN).build()) {
      assertThat(executor.submit(() -> Thread.currentThread().isDaemon()).get()).isTrue();
    }
  }

  @Test
  void tokensThatCouldNeverBeHadAreAnErrorAtTheCallThoughThereIsNoPlace() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var unused = executor.submit(task("a"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> executor.submit(task("b"), 3, LONG))
        .withMessageContaining("it must be at most 2");
    assertThatIllegalArgumentException().isThrownBy(() -> executor.submit(task("b"), 0, LONG));
    assertThat(executor.unfinished()).isEqualTo(1);
  }

  @Test
  void settingsThatMakeNoSenseAreErrors() {
    assertThatIllegalStateException()
        .isThrownBy(() -> builder().build())
        .withMessageContaining("set a rate, a limiter or a concurrency");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().concurrency(0))
        .withMessage("concurrency is 0; it must be 1 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> direct().rate(TEN).build().submit(task("a"), 3, LONG))
        .withMessageContaining("it must be at most 2");
    assertThatIllegalStateException()
        .isThrownBy(() -> direct().concurrency(1).build().updateRateLimit(TEN))
        .withMessage("'jobs' has no rate");
  }

  @Test
  void aPlaceThatNobodyWaitsForIsFreeForOneTask() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var a = executor.submit(task("a"));
    running.remove().run();
    var b = executor.submit(task("b"));
    var c = executor.submit(task("c"));

    assertThat(a).isCompleted();
    assertThat(running).hasSize(1);
    assertThat(List.of(b, c)).noneMatch(CompletableFuture::isDone);
  }
}
