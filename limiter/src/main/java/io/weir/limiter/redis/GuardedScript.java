package io.weir.limiter.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    return run(keys, asked, NotExecutedException.class::isInstance);
  }

  @Override
  public CompletionStage<byte[]> runTogether(byte[][] keys, byte[] asked) {
    return run(
        keys,
        asked,
        failure ->
            failure instanceof NotExecutedException && !(failure instanceof KeysApartException));
  }

  private CompletionStage<byte[]> run(byte[][] keys, byte[] asked, Predicate<Throwable> passing) {
    Server asking = server.get();
    if (!asking.mayBeAsked()) {
      return CompletableFuture.failedStage(asking.notAsked());
    }
    long startNanos = System.nanoTime();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    deadlines.add(answer);
    CompletionStage<byte[]> told =
        answer.whenComplete(
            (bytes, failure) -> asking.answered(System.nanoTime() - startNanos, failure));
    new Attempts(keys, asked, passing, startNanos + timeoutNanos, answer).next();
    return told;
  }

  /** One call, until there is an answer, a failure that will not pass, or no time left. */
  private final class Attempts {
    private final byte[][] keys;
    private final byte[] asked;
    private final Predicate<Throwable> passing;
    private final long endNanos;
    private final CompletableFuture<byte[]> answer;

    /**
     * A call.
     *
     * @param passing whether a failure may be another thing next time, and did nothing
     */
    Attempts(
        byte[][] keys,
        byte[] asked,
        Predicate<Throwable> passing,
        long endNanos,
        CompletableFuture<byte[]> answer) {
      this.keys = keys;
      this.asked = asked;
      this.passing = passing;
      this.endNanos = endNanos;
      this.answer = answer;
    }

    void next() {
      if (answer.isDone()) {
        return;
      }
      try {
        script.run(keys, asked).whenComplete(this::answered);
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    }

    private void answered(byte[] bytes, @Nullable Throwable failure) {
      if (failure == null) {
        answer.complete(bytes);
      } else if (passing.test(failure) && isTimeLeft()) {
        pause();
      } else {
        answer.completeExceptionally(failure);
      }
    }

    private boolean isTimeLeft() {
      return endNanos - tellingNanos - System.nanoTime()
          > TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
    }

    private void pause() {
      try {
        var unused = timer.schedule(this::next, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        answer.completeExceptionally(e);
      }
    }
  }
}
