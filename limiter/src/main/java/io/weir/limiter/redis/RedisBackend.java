package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.codec.CodecException;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.redis.Dialogue.Turn;
import io.weir.limiter.rule.Match;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps the state of limits in Redis. Nobody waits longer than the timeout: what Redis does not
 * answer in time is decided by the fallback. Thread-safe.
 */
final class RedisBackend implements LimitBackend {
  private final Judge judge = new Judge();
  private final Coalescer coalescer;
  private final ScriptRowCodec codec;
  private final Fallback fallback;
  private final Duration timeout;
  private final Deadlines deadlines;

  /**
   * A backend.
   *
   * @param timeout how long a request may wait, whatever has to be asked for it
   * @param timer ends what takes longer
   */
  RedisBackend(
      Coalescer coalescer,
      ScriptRowCodec codec,
      Fallback fallback,
      Duration timeout,
      ScheduledExecutorService timer) {
    this.coalescer = coalescer;
    this.codec = codec;
    this.fallback = fallback;
    this.timeout = timeout;
    this.deadlines = new Deadlines(timer, timeout, this::late);
  }

  private RedisUnavailableException late() {
    return new RedisUnavailableException(
        "Redis did not answer within " + timeout.toMillis() + " ms");
  }

  @Override
  public Decision judge(Match match, long cost) {
    try {
      return await(RowsDialogue.check(codec, judge, match, cost));
    } catch (RedisUnavailableException e) {
      return fallback.decide(match, cost, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Decision refund(Match match, long cost, long chargedAtMillis) {
    return await(RowsDialogue.refund(codec, judge, match, cost, chargedAtMillis));
  }

  @Override
  public Decision reset(Match match) {
    return await(Dialogue.reset(judge, match));
  }

  @Override
  public CompletionStage<Decision> judgeAsync(Match match, long cost) {
    return converse(RowsDialogue.check(codec, judge, match, cost))
        .exceptionally(
            failure ->
                fallback.decide(match, cost, String.valueOf(unavailable(failure).getMessage())));
  }

  @Override
  public CompletionStage<Decision> refundAsync(Match match, long cost, long chargedAtMillis) {
    return converse(RowsDialogue.refund(codec, judge, match, cost, chargedAtMillis));
  }

  @Override
  public CompletionStage<Decision> resetAsync(Match match) {
    return converse(Dialogue.reset(judge, match));
  }

  /** Here decisions are computed by who waits for them. */
  private Decision await(Dialogue dialogue) {
    long endNanos = System.nanoTime() + timeout.toNanos();
    Turn turn = new Turn.Next(dialogue.first());
    while (turn instanceof Turn.Next next) {
      Waiting waiting = new Waiting(next.ask());
      coalescer.ask(waiting);
      try {
        Found found = waiting.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        turn = after(dialogue, found);
      } catch (TimeoutException e) {
        waiting.cancel(false);
        throw late();
      } catch (ExecutionException e) {
        throw unavailable(e);
      } catch (InterruptedException e) {
        waiting.cancel(false);
        Thread.currentThread().interrupt();
        throw new RedisUnavailableException("the wait for Redis was interrupted", e);
      }
    }
    return ((Turn.Done) turn).decision();
  }

  /** And here by who brings the answer. */
  private CompletableFuture<Decision> converse(Dialogue dialogue) {
    CompletableFuture<Decision> decision = new CompletableFuture<>();
    deadlines.add(decision);
    ask(dialogue, dialogue.first(), decision);
    return decision;
  }

  private void ask(Dialogue dialogue, Ask ask, CompletableFuture<Decision> decision) {
    Waiting waiting = new Waiting(ask, decision);
    var unused =
        waiting.whenComplete(
            (found, failure) -> {
              if (failure != null) {
                decision.completeExceptionally(unavailable(failure));
                return;
              }
              try {
                Turn turn = after(dialogue, found);
                if (turn instanceof Turn.Next next) {
                  ask(dialogue, next.ask(), decision);
                } else if (turn instanceof Turn.Done done) {
                  decision.complete(done.decision());
                }
              } catch (RedisUnavailableException e) {
                decision.completeExceptionally(e);
              }
            });
    coalescer.ask(waiting);
  }

  /** What cannot be made sense of is as good as no answer. */
  private static Turn after(Dialogue dialogue, Found found) {
    try {
      return dialogue.after(found);
    } catch (CodecException | IllegalStateException e) {
      throw new RedisUnavailableException(
          "what Redis answers makes no sense: " + e.getMessage(), e);
    }
  }

  private static RedisUnavailableException unavailable(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RedisUnavailableException known) {
      return known;
    }
    return cause instanceof CancellationException
        ? new RedisUnavailableException("the connection to Redis broke", cause)
        : new RedisUnavailableException("Redis cannot be asked: " + cause.getMessage(), cause);
  }

  @Override
  public void close() {}
}
