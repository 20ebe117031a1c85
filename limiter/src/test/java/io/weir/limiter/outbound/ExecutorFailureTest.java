package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Tasks, workers and clocks that fail, and places that are free all the same. */
class ExecutorFailureTest extends ExecutorKit {
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
  void cancellingWithoutInterruptionLetsWhatRunsEnd() {
    List<CompletableFuture<String>> self = new ArrayList<>();
    List<Boolean> seen = new ArrayList<>();
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    self.add(
        executor.submit(
            () -> {
              seen.add(self.get(0).cancel(false));
              seen.add(Thread.interrupted());
              seen.add(self.get(0).cancel(true));
              return "a";
            }));

    running.remove().run();
    assertThat(seen).containsExactly(true, false, true);
    assertThat(self.get(0)).isCancelled();
    assertThat(executor.submit(task("b")).cancel(false)).isTrue();
  }

  @Test
  void whatATaskThrowsThatNobodyAsksAboutIsLoggedAndACancellationIsNot() {
    List<LogRecord> records = new ArrayList<>();
    Logger logger = Logger.getLogger(RateLimitedExecutor.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            records.add(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      RateLimitedExecutor executor = direct().rate(TEN).build();
      executor.execute(() -> started.add("a"));
      executor.execute(
          () -> {
            throw new IllegalStateException("no");
          });
      executor.execute(() -> started.add("cancelled by the end"));
      timer.close();
      executor.close(Duration.ofMillis(50));
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(started).containsExactly("a");
    assertThat(records).hasSize(1);
    assertThat(records.get(0).getMessage()).isEqualTo("a task of 'jobs' failed");
    assertThat(records.get(0).getThrown()).hasMessage("no");
  }

  @Test
  void aTaskThatIsCancelledBeforeAWorkerBeganItGivesItsTokensAndItsPlaceBackAtOnce() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var a = executor.submit(task("a"), 2, LONG);
    var b = executor.submit(task("b"), 2, LONG);
    assertThat(running).hasSize(1);

    a.cancel(true);
    assertThat(executor.unfinished()).isEqualTo(1);
    assertThat(running).hasSize(2);
    running.forEach(Runnable::run);
    assertThat(started).containsExactly("b");
    assertThat(b).isCompletedWithValue("b");
    assertThat(recorder.events).contains("given back 2");
    executor.close();
  }

  @Test
  void aTaskThatIsDoneOtherwiseBeforeAWorkerBeganItGivesBackWhenTheWorkerComes() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var a = executor.submit(task("a"), 2, LONG);

    a.complete("otherwise");
    running.remove().run();
    assertThat(started).isEmpty();
    assertThat(executor.unfinished()).isZero();
    assertThat(executor.submit(task("b"), 2, LONG)).isNotDone();
    running.remove().run();
    assertThat(started).containsExactly("b");
  }

  @Test
  void workersThatRejectCostNoTokens() {
    AtomicBoolean rejects = new AtomicBoolean(true);
    RateLimitedExecutor executor =
        builder()
            .rate(TEN)
            .workers(
                task -> {
                  if (rejects.get()) {
                    throw new RejectedExecutionException("full");
                  }
                  task.run();
                })
            .build();

    assertThat(executor.submit(task("a"), 2, LONG)).isCompletedExceptionally();
    rejects.set(false);
    assertThat(executor.submit(task("b"), 2, LONG)).isCompletedWithValue("b");
  }
}
