package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.Match;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the state of limits in Redis. Nobody waits longer than the timeout: what Redis does not
 * answer in time is decided by the fallback. Thread-safe.
 */
final class RedisBackend implements LimitBackend {
  private final Judge judge = new Judge();
  private final Slots slots;
  private final Conversations conversations;
  private final SplitRequests split;
  private final ScriptRowCodec codec;
  private final Fallback fallback;

  RedisBackend(Slots slots, Conversations conversations, ScriptRowCodec codec, Fallback fallback) {
    this.slots = slots;
    this.conversations = conversations;
    this.split = new SplitRequests(conversations, codec, judge);
    this.codec = codec;
    this.fallback = fallback;
  }

  @Override
  public Decision judge(Match match, long cost) {
    try {
      return slots.areOne(match)
          ? conversations.await(RowsDialogue.check(codec, judge, match, cost))
          : conversations.join(split.judge(match, cost));
    } catch (RedisUnavailableException e) {
      return fallback.decide(match, cost, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Decision refund(Match match, long cost, long chargedAtMillis) {
    return conversations.join(refundAsync(match, cost, chargedAtMillis));
  }

  @Override
  public Decision reset(Match match) {
    return conversations.join(resetAsync(match));
  }

  @Override
  public CompletionStage<Decision> judgeAsync(Match match, long cost) {
    CompletableFuture<Decision> decision =
        slots.areOne(match)
            ? conversations.begin(RowsDialogue.check(codec, judge, match, cost))
            : split.judge(match, cost);
    return decision.exceptionally(
        failure ->
            fallback.decide(
                match, cost, String.valueOf(Conversations.unavailable(failure).getMessage())));
  }

  @Override
  public CompletableFuture<Decision> refundAsync(Match match, long cost, long chargedAtMillis) {
    return slots.areOne(match)
        ? conversations.begin(RowsDialogue.refund(codec, judge, match, cost, chargedAtMillis))
        : split.refund(match, cost, chargedAtMillis);
  }

  @Override
  public CompletableFuture<Decision> resetAsync(Match match) {
    return slots.areOne(match)
        ? conversations.begin(Dialogue.reset(judge, match))
        : split.reset(match);
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    conversations.endAll();
  }
}
