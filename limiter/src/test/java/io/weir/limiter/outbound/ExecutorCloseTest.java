package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How an executor ends. */
class ExecutorCloseTest extends ExecutorKit {
  @Test
  void aTaskThatClosesItsExecutorIsToldInsteadOfWaitingForItself() {
    RateLimitedExecutor executor = direct().concurrency(1).build();
    var closes =
        executor.submit(
            () -> {
              executor.close();
              return "closed";
            });

    assertThat(closes)
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .isInstanceOf(IllegalStateException.class)
        .withMessage("a task of 'jobs' closes it and would wait for itself; close it elsewhere");
    assertThat(executor.submit(task("a"))).isCompleted();
    assertThat(executor.submit(task("b")).thenRun(executor::close)).isCompleted();
    assertThat(executor).asString().endsWith("closed]");
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
  void closingAgainDoesNothingThoughATaskDoesNotEnd() throws Exception {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    var unused =
        executor.submit(
            () -> {
              begun.countDown();
              while (end.getCount() > 0) {
                try {
                  end.await();
                } catch (InterruptedException e) {
                  // It does not listen.
                }
              }
              return "a";
            });
    Thread worker = new Thread(running.remove());
    worker.start();
    begun.await();
    CompletableFuture<Boolean> first =
        CompletableFuture.supplyAsync(() -> executor.close(Duration.ofMillis(50)));
    CompletableFuture<Void> forEver = CompletableFuture.runAsync(executor::close);
    await().until(() -> timer.scheduled() == 1);

    timer.advance(50);
    assertThat(first.join()).isFalse();
    await().until(forEver::isDone);
    timer.close();
    assertThat(executor.close(Duration.ofMillis(50))).isFalse();
    end.countDown();
    worker.join();
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
  void theEndIsToldOnce() {
    List<String> closed = new ArrayList<>();
    RateLimitedExecutor executor =
        direct()
            .rate(TEN)
            .concurrency(1)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onClosed(String name) {
                    closed.add(name);
                  }
                })
            .build();

    executor.close();
    executor.close();
    assertThat(closed).containsExactly("jobs");
  }

  @Test
  void closingInTimeLeavesNoAlarmBehind() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var a = executor.submit(task("a"));
    CompletableFuture<Boolean> closing =
        CompletableFuture.supplyAsync(() -> executor.close(Duration.ofMillis(50)));
    await().until(() -> timer.scheduled() == 1);

    running.remove().run();
    assertThat(closing.join()).isTrue();
    assertThat(a).isCompleted();
    assertThat(timer.scheduled()).isZero();
  }
}
