package io.weir.limiter.redis;

import io.weir.limiter.codec.CodecException;
import io.weir.limiter.redis.Dialogue.Turn;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Leads dialogues to their end, or gives them up when their time is over. All failures are {@link
 * RedisUnavailableException}s. Thread-safe.
 */
final class Conversations {
  private final Coalescers coalescers;
  private final Duration timeout;
  private final Deadlines deadlines;
  private final AdaptiveSpin spin;

  /**
   * Conversations.
   *
   * @param timeout how long one may take, whatever has to be asked
   * @param spin what a thread does before it sleeps
   * @param timer ends what takes longer
   */
  Conversations(
      Coalescers coalescers, Duration timeout, AdaptiveSpin spin, ScheduledExecutorService timer) {
    this.coalescers = coalescers;
    this.timeout = timeout;
    this.spin = spin;
    this.deadlines = new Deadlines(timer, timeout, this::late);
  }

  /** How long one may take. */
  Duration timeout() {
    return timeout;
  }

  private RedisUnavailableException late() {
    return RedisUnavailableException.late(timeout);
  }

  /** Waits for the end. Here what follows from an answer is computed by who waits for it. */
  <T> T await(Dialogue<T> dialogue) {
    long endNanos = System.nanoTime() + timeout.toNanos();
    Turn<T> turn = new Turn.Next<>(dialogue.first());
    while (turn instanceof Turn.Next<T> next) {
      Waiting waiting = new Waiting(next.ask());
      coalescers.ask(waiting);
      turn = after(dialogue, await(waiting, endNanos));
    }
    return ((Turn.Done<T>) turn).result();
  }

  private Found await(Waiting waiting, long endNanos) {
    spin.await(waiting);
    try {
      return get(waiting, endNanos - System.nanoTime());
    } catch (RedisUnavailableException e) {
      waiting.cancel(false);
      throw e;
    } finally {
      spin.answered();
    }
  }

  /** Waits for what ends in time by itself. */
  <T> T join(CompletableFuture<T> ending) {
    return get(ending, 2 * timeout.toNanos());
  }

  private <T> T get(CompletableFuture<T> future, long nanos) {
    try {
      return future.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw late();
    } catch (ExecutionException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailableException("the wait for Redis was interrupted", e);
    }
  }

  /** A result that has as long as any conversation. */
  <T> CompletableFuture<T> inTime() {
    CompletableFuture<T> result = new CompletableFuture<>();
    deadlines.add(result);
    return result;
  }

  /** Ends all that are under way. */
  void endAll() {
    deadlines.endAll();
  }

  /** Begins; what follows from an answer is computed by who brings it. */
  <T> CompletableFuture<T> begin(Dialogue<T> dialogue) {
    CompletableFuture<T> result = inTime();
    ask(dialogue, dialogue.first(), result);
    return result;
  }

  private <T> void ask(Dialogue<T> dialogue, Ask ask, CompletableFuture<T> result) {
    Waiting waiting = new Waiting(ask, result);
    var unused =
        waiting.whenComplete(
            (found, failure) -> {
              if (failure != null) {
                result.completeExceptionally(unavailable(failure));
                return;
              }
              try {
                Turn<T> turn = after(dialogue, found);
                if (turn instanceof Turn.Next<T> next) {
                  ask(dialogue, next.ask(), result);
                } else if (turn instanceof Turn.Done<T> done) {
                  result.complete(done.result());
                }
              } catch (RedisUnavailableException e) {
                result.completeExceptionally(e);
              }
            });
    coalescers.ask(waiting);
  }

  /** What cannot be made sense of is as good as no answer. */
  private static <T> Turn<T> after(Dialogue<T> dialogue, Found found) {
    try {
      return dialogue.after(found);
    } catch (CodecException | IllegalStateException | IllegalArgumentException e) {
      throw new RedisUnavailableException(
          "what Redis answers makes no sense: " + e.getMessage(), e);
    }
  }

  /** What failed, without what futures wrap it in. */
  static Throwable causeOf(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Why there is no answer. */
  static RedisUnavailableException unavailable(Throwable failure) {
    Throwable cause = causeOf(failure);
    if (cause instanceof RedisUnavailableException known) {
      return known;
    }
    return cause instanceof CancellationException
        ? new RedisUnavailableException("the connection to Redis broke", cause)
        : new RedisUnavailableException("Redis cannot be asked: " + cause.getMessage(), cause);
  }
}
