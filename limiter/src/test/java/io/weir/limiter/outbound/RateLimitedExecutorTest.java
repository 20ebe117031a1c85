package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.tck.FakeClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RateLimitedExecutorTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final Limit TEN = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(2);

  private final FakeClock clock = new FakeClock(1_700_000_000_000L);
  private final FakeTimer timer = new FakeTimer(clock);
  private final Recorder recorder = new Recorder();
  private final List<String> started = new ArrayList<>();

  /** What the workers were given and did not run yet. */
  private final Queue<Runnable> running = new ArrayDeque<>();

  private RateLimitedExecutor.Builder builder() {
    return RateLimitedExecutor.builder().name("jobs").clock(clock).timer(timer).listener(recorder);
  }

  /** Runs tasks at once, on the thread that gives them. */
  private RateLimitedExecutor.Builder direct() {
    return builder().workers(Runnable::run);
  }

  /** Runs tasks when the test says so. */
  private RateLimitedExecutor.Builder stepped() {
    return builder().workers(running::add);
  }

  private Callable<String> task(String name) {
    return () -> {
      started.add(name);
      return name;
    };
  }

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
  }

  @Test
  void withAConcurrencySoManyRunAtOnceInArrivalOrder() {
    RateLimitedExecutor executor = stepped().concurrency(2).build();
    var a = executor.submit(task("a"));
    var b = executor.submit(task("b"));
    var c = executor.submit(task("c"));

    assertThat(running).hasSize(2);
    assertThat(executor.waiting()).isEqualTo(1);
    assertThat(recorder.events).containsExactly("waits for CONCURRENCY behind 0");
    running.remove().run();
    assertThat(a).isCompleted();
    assertThat(running).hasSize(2);
    running.remove().run();
    running.remove().run();
    assertThat(List.of(b, c)).allMatch(CompletableFuture::isDone);
    assertThat(started).containsExactly("a", "b", "c");
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
  void asManyAsTheSettingsSayMayWaitForEither() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(3).maxWaiting(2).build();
    for (int i = 0; i < 4; i++) {
      var unused = executor.submit(task("t" + i));
    }
    // One for tokens, one for a place.
    assertThat(running).hasSize(2);
    assertThat(executor.waiting()).isEqualTo(2);

    assertThatExceptionOfType(OutboundRejectedException.class)
        .isThrownBy(() -> executor.submit(task("too many")))
        .withMessageContaining("'jobs': 2 calls wait already");
  }

  @Test
  void whoNeedNotWaitIsNotCountedAmongThoseWhoDo() {
    List<RateLimitedExecutor> self = new ArrayList<>();
    List<CompletableFuture<String>> inner = new ArrayList<>();
    RateLimitedExecutor executor =
        direct()
            .rate(TEN)
            .maxWaiting(1)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String limiter, long tokens, Duration waited) {
                    // On its way in, with its tokens.
                    if (tokens == 2) {
                      inner.add(self.get(0).submit(task("inner")));
                    }
                  }
                })
            .build();
    self.add(executor);

    assertThat(executor.submit(task("outer"), 2, LONG)).isCompleted();
    assertThat(inner).hasSize(1);
    assertThat(executor.waiting()).isEqualTo(1);
    timer.advance(100);
    assertThat(inner.get(0)).isCompletedWithValue("inner");
  }

  @Test
  void aRejectedTaskConsumesNothing() {
    RateLimitedExecutor executor = direct().rate(TEN).maxWaiting(0).build();
    var unused = executor.submit(task("a"), 2, LONG);

    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> executor.execute(() -> started.add("no")));
    assertThat(recorder.events).contains("rejected 1: OutboundRejectedException");
    timer.advance(100);
    executor.execute(() -> started.add("yes"));
    assertThat(started).containsExactly("a", "yes");
  }

  @Test
  void aDeadlineThatTheRateCannotMeetFailsAtOnceThoughThereIsNoPlaceYet() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var unused = executor.submit(task("a"), 2, LONG);

    var late = executor.submit(task("late"), 2, Duration.ofMillis(199));
    assertThatThrownBy(late::join).hasCauseInstanceOf(RateLimitWaitException.class);
    assertThat(executor.waiting()).isZero();
  }

  @Test
  void aDeadlineEndsTheWaitForAPlace() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var a = executor.submit(task("a"));
    var late = executor.submit(task("late"), 1, Duration.ofMillis(50));

    timer.advance(49);
    assertThat(late).isNotDone();
    timer.advance(1);
    assertThatThrownBy(late::join)
        .hasCauseInstanceOf(RateLimitWaitException.class)
        .hasMessageContaining("none ended in 50 ms");
    running.remove().run();
    assertThat(a).isCompleted();
    assertThat(running).isEmpty();
    assertThat(recorder.events).contains("rejected 1: RateLimitWaitException");
  }

  @Test
  void whoMayNotWaitForAPlaceIsRefusedAtOnceAndHasNone() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var a = executor.submit(task("a"));
    var hurried = executor.submit(task("hurried"), 1, Duration.ZERO);

    assertThatThrownBy(hurried::join).hasCauseInstanceOf(RateLimitWaitException.class);
    assertThat(recorder.events)
        .containsExactly("acquired 1 after 0", "rejected 1: RateLimitWaitException");
    var b = executor.submit(task("b"));
    assertThat(running).hasSize(1);
    running.remove().run();
    assertThat(a).isCompleted();
    // Its token was not taken.
    running.remove().run();
    assertThat(b).isCompleted();
  }

  @Test
  void aTimerThatIsAtOnceLeavesAPlaceThatFailedToNobody() {
    RateLimitedExecutor executor =
        stepped()
            .timer(
                (task, delay) -> {
                  task.run();
                  return () -> {};
                })
            .concurrency(1)
            .build();
    var unused = executor.submit(task("a"));
    var late = executor.submit(task("late"), 1, Duration.ofMillis(1));

    assertThat(late).isCompletedExceptionally();
    assertThat(running).hasSize(1);
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
  void whatIsLeftOfTheDeadlineAfterTheWaitForAPlaceCounts() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var unused = executor.submit(task("a"), 2, LONG);
    var late = executor.submit(task("late"), 2, Duration.ofMillis(230));
    timer.advance(20);
    executor.updateRateLimit(Limit.tokenBucket(5, Duration.ofSeconds(1)).withBurst(2));
    timer.advance(20);

    running.remove().run();
    assertThat(late).isCompletedExceptionally();
    var next = executor.submit(task("next"));
    timer.advance(139);
    assertThat(running).isEmpty();
    timer.advance(1);
    assertThat(running).hasSize(1);
    running.remove().run();
    assertThat(next).isCompleted();
  }

  @Test
  void aBurstThatIsLoweredBelowWhatATaskWantsFailsItWhenItHasAPlace() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var a = executor.submit(task("a"));
    var b = executor.submit(task("b"), 2, LONG);
    var c = executor.submit(task("c"));
    executor.updateRateLimit(TEN.withBurst(1));

    running.remove().run();
    assertThat(a).isCompleted();
    assertThatThrownBy(b::join).hasCauseInstanceOf(IllegalArgumentException.class);
    timer.advance(100);
    running.remove().run();
    assertThat(c).isCompleted();
  }

  @Test
  void cancellingWhatWaitsGivesPlaceAndTokensBack() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var unused = executor.submit(task("a"), 2, LONG);
    var b = executor.submit(task("b"), 2, LONG);
    var c = executor.submit(task("c"));

    b.cancel(false);
    running.remove().run();
    timer.advance(100);
    running.remove().run();
    assertThat(c).isCompleted();
    assertThat(started).containsExactly("a", "c");
    assertThat(executor.unfinished()).isZero();
  }

  @Test
  void cancellingWhatWaitsForTokensFreesItsPlace() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(2).build();
    var unused = executor.submit(task("a"), 2, LONG);
    var b = executor.submit(task("b"), 2, LONG);
    var c = executor.submit(task("c"));

    b.cancel(false);
    timer.advance(100);
    assertThat(running).hasSize(2);
    running.forEach(Runnable::run);
    assertThat(c).isCompleted();
  }

  @Test
  void cancellingWhatRunsInterruptsItAndItsPlaceIsFreeWhenItEnded() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (RateLimitedExecutor executor = builder().concurrency(1).build()) {
      var a =
          executor.submit(
              () -> {
                begun.countDown();
                try {
                  never.await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                  end.await();
                }
                return "a";
              });
      begun.await();
      var b = executor.submit(task("b"));

      a.cancel(true);
      interrupted.await();
      assertThat(a).isCancelled();
      assertThat(b).isNotDone();
      end.countDown();
      assertThat(b.get()).isEqualTo("b");
    }
  }

  @Test
  void aTaskThatThrowsFailsItsFutureAndFreesItsPlace() {
    RateLimitedExecutor executor = direct().concurrency(1).build();
    var a =
        executor.submit(
            () -> {
              throw new IOException("no route");
            });
    executor.execute(
        () -> {
          throw new IllegalStateException("logged");
        });

    assertThatThrownBy(a::join).hasCauseInstanceOf(IOException.class);
    assertThat(executor.submit(task("b"))).isCompleted();
  }

  @Test
  void aTaskThatFailsWithARejectionOfItsOwnIsNotRejected() {
    RateLimitedExecutor executor = direct().rate(TEN).build();
    OutboundRejectedException own = new OutboundRejectedException("another", 7);

    var failed =
        executor.submit(
            () -> {
              throw own;
            });
    assertThatThrownBy(failed::join).hasCause(own);
  }

  @Test
  void aClockThatFailsWhenAPlaceIsFreeKeepsNeitherTaskNorPlace() {
    AtomicBoolean fails = new AtomicBoolean();
    RateLimitedExecutor executor =
        stepped()
            .clock(
                () -> {
                  if (fails.get()) {
                    throw new IllegalStateException("no clock");
                  }
                  return clock.instant();
                })
            .concurrency(1)
            .build();
    var unused = executor.submit(task("a"));
    var b = executor.submit(task("b"));

    fails.set(true);
    running.remove().run();
    assertThatThrownBy(b::join).hasMessageContaining("no clock");
    fails.set(false);
    var c = executor.submit(task("c"));
    running.remove().run();
    assertThat(c).isCompletedWithValue("c");
  }

  @Test
  void workersThatRejectFailTheTaskAndFreeItsPlace() {
    AtomicBoolean rejects = new AtomicBoolean(true);
    RateLimitedExecutor executor =
        builder()
            .concurrency(1)
            .workers(
                task -> {
                  if (rejects.get()) {
                    throw new RejectedExecutionException("closed");
                  }
                  task.run();
                })
            .build();

    assertThat(executor.submit(task("a"))).isCompletedExceptionally();
    rejects.set(false);
    assertThat(executor.submit(task("b"))).isCompleted();
  }

  @Test
  void closingDrains() {
    RateLimitedExecutor executor = direct().rate(TEN).build();
    for (int i = 0; i < 4; i++) {
      var unused = executor.submit(task("t" + i));
    }
    CompletableFuture<Void> closing = CompletableFuture.runAsync(executor::close);

    await()
        .untilAsserted(
            () ->
                assertThatExceptionOfType(RejectedExecutionException.class)
                    .isThrownBy(() -> executor.submit(() -> "late"))
                    .withMessage("'jobs' is closed"));
    assertThat(closing).isNotDone();
    timer.advance(200);
    await().until(closing::isDone);
    assertThat(started).containsExactly("t0", "t1", "t2", "t3");
  }

  @Test
  void closingWithATimeCancelsWhatIsNotDoneThen() {
    RateLimitedExecutor executor = direct().rate(TEN).build();
    var a = executor.submit(task("a"), 2, LONG);
    var b = executor.submit(task("b"));
    CompletableFuture<Boolean> closing =
        CompletableFuture.supplyAsync(() -> executor.close(Duration.ofMillis(50)));
    await().until(() -> timer.scheduled() == 2);

    timer.advance(50);
    assertThat(closing.join()).isFalse();
    assertThat(a).isCompleted();
    assertThat(b).isCancelled();
    assertThat(timer.scheduled()).isZero();
  }

  @Test
  void whatDependsOnTheLastTaskMayCloseTheExecutor() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var closed = executor.submit(task("a")).thenRun(executor::close);
    Thread worker = new Thread(running.remove());
    worker.setDaemon(true);
    worker.start();

    await().until(closed::isDone);
    assertThat(closed).isCompleted();
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
  void workersThatHaveNoThreadFailTheTaskAndFreeItsPlace() {
    AtomicBoolean hasThreads = new AtomicBoolean();
    RateLimitedExecutor executor =
        builder()
            .concurrency(1)
            .workers(
                task -> {
                  if (!hasThreads.get()) {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                  task.run();
                })
            .build();

    assertThatThrownBy(executor.submit(task("a"))::join).hasCauseInstanceOf(OutOfMemoryError.class);
    assertThat(executor.unfinished()).isZero();
    hasThreads.set(true);
    assertThat(executor.submit(task("b"))).isCompleted();
  }

  @Test
  void closingAgainDoesNothingThoughATaskDoesNotEnd() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var unused = executor.submit(task("a"));
    CompletableFuture<Boolean> first =
        CompletableFuture.supplyAsync(() -> executor.close(Duration.ofMillis(50)));
    CompletableFuture<Void> forEver = CompletableFuture.runAsync(executor::close);
    await().until(() -> timer.scheduled() == 1);

    timer.advance(50);
    assertThat(first.join()).isFalse();
    await().until(forEver::isDone);
    timer.close();
    assertThat(executor.close(Duration.ofMillis(50))).isFalse();
    running.remove().run();
    assertThat(executor.close(Duration.ofMillis(50))).isTrue();
    executor.close();
  }

  @Test
  void aTimerThatIsClosedEndsTheWaitOfWhoCloses() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var a = executor.submit(task("a"));
    timer.close();

    assertThat(executor.close(Duration.ofMillis(50))).isFalse();
    assertThat(a).isCancelled();
  }

  @Test
  void closingWithNothingToDoIsDoneInTime() {
    assertThat(direct().concurrency(1).build().close(Duration.ZERO)).isTrue();
  }

  @Test
  void anInterruptedCloseCancelsAndReturns() throws Exception {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var a = executor.submit(task("a"));
    var b = executor.submit(task("b"));
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread closing =
        new Thread(
            () -> {
              executor.close();
              stillInterrupted.set(Thread.currentThread().isInterrupted());
            });
    closing.start();
    closing.interrupt();
    closing.join();

    assertThat(List.of(a, b)).allMatch(CompletableFuture::isCancelled);
    assertThat(stillInterrupted).isTrue();
    running.forEach(Runnable::run);
    assertThat(started).isEmpty();
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
}
