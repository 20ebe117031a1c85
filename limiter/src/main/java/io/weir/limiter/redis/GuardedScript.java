package io.weir.limiter.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A script that is answered in time or not at all. What certainly was not executed is tried again
 * while there is time; and after many failures nothing is tried for a while. Thread-safe.
 */
final class GuardedScript implements Script {
  private static final long PAUSE_MILLIS = 2;

  private final Script script;
  private final Supplier<Server> server;
  private final ScheduledExecutorService timer;
  private final long timeoutNanos;

  /** Left for the last failure to be told before time is up: it says that nothing was done. */
  private final long tellingNanos;

  private final Deadlines deadlines;

  /**
   * A script in time.
   *
   * @param server who runs it: asked before each call, as keys may move
   */
  GuardedScript(
      Script script, Supplier<Server> server, ScheduledExecutorService timer, Duration timeout) {
    this.script = script;
    this.server = server;
    this.timer = timer;
    this.timeoutNanos = timeout.toNanos();
    this.tellingNanos = timeoutNanos / 10;
    this.deadlines = new Deadlines(timer, timeout, () -> RedisUnavailableException.late(timeout));
  }

  @Override
  public CompletionStage<byte[]> run(byte[][] keys, byte[] asked) {
    Server asking = server.get();
    if (!asking.mayBeAsked()) {
      return CompletableFuture.failedStage(
          RedisUnavailableException.notAsked("Redis failed lately and is not asked for a while"));
    }
    long startNanos = System.nanoTime();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    deadlines.add(answer);
    CompletionStage<byte[]> told =
        answer.whenComplete(
            (bytes, failure) -> asking.answered(System.nanoTime() - startNanos, failure));
    try {
      attempt(keys, asked, startNanos + timeoutNanos, answer);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
    return told;
  }

  private void attempt(
      byte[][] keys, byte[] asked, long endNanos, CompletableFuture<byte[]> answer) {
    script
        .run(keys, asked)
        .whenComplete(
            (bytes, failure) -> {
              if (failure == null) {
                answer.complete(bytes);
              } else if (failure instanceof NotExecutedException && isTimeLeft(endNanos)) {
                retry(keys, asked, endNanos, answer);
              } else {
                answer.completeExceptionally(failure);
              }
            });
  }

  private boolean isTimeLeft(long endNanos) {
    return endNanos - tellingNanos - System.nanoTime()
        > TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
  }

  private void retry(byte[][] keys, byte[] asked, long endNanos, CompletableFuture<byte[]> answer) {
    try {
      var unused =
          timer.schedule(
              () -> attemptUnlessDone(keys, asked, endNanos, answer),
              PAUSE_MILLIS,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(e);
    }
  }

  private void attemptUnlessDone(
      byte[][] keys, byte[] asked, long endNanos, CompletableFuture<byte[]> answer) {
    if (!answer.isDone()) {
      try {
        attempt(keys, asked, endNanos, answer);
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    }
  }
}
