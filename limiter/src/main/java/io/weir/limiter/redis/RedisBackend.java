package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Once;
import io.weir.limiter.OnceBackend;
import io.weir.limiter.OnceDecision;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the state of limits in Redis: {@link RedisRateLimiter} says how. Nobody waits longer than
 * the timeout: what Redis does not answer in time is decided as the rules say for that case, except
 * refunds and resets, which throw {@link RedisUnavailableException}. Thread-safe.
 */
public final class RedisBackend implements OnceBackend {

  private final Judge judge = new Judge();
  private final Slots slots;
  private final Conversations conversations;
  private final SplitRequests split;
  private final ScriptRowCodec codec;
  private final RowsReader reader;
  private final Fallback fallback;
  private final Runnable disconnect;
  private final String place;

  /**
   * A backend.
   *
   * @param contention what is learned of identifiers that many requests share
   * @param disconnect gives up what it asks over
   * @param place where the state is, for people
   */
  RedisBackend(
      Slots slots,
      Conversations conversations,
      ScriptRowCodec codec,
      RowsReader reader,
      Fallback fallback,
      Contention contention,
      Runnable disconnect,
      String place) {
    this.slots = slots;
    this.conversations = conversations;
    this.split = new SplitRequests(conversations, codec, judge, contention);
    this.codec = codec;
    this.reader = reader;
    this.fallback = fallback;
    this.disconnect = disconnect;
    this.place = place;
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
    return decision.exceptionally(failure -> fallback(match, cost, failure));
  }

  /** {@inheritDoc} That is the case in a cluster, where the identifiers are in several slots. */
  @Override
  public CompletionStage<OnceDecision> judgeOnceAsync(Match match, long cost, Once once) {
    if (cost == 0 || !slots.areOne(match)) {
      return judgeAsync(match, cost).thenApply(decision -> new OnceDecision(decision, false));
    }
    return conversations
        .begin(Dialogue.telling(RowsDialogue.check(codec, judge, match, cost).once(once)))
        .exceptionally(failure -> new OnceDecision(fallback(match, cost, failure), false));
  }

  /**
   * {@inheritDoc} The stage fails with {@link RedisUnavailableException} if it cannot be done, or
   * nobody knows whether it was.
   */
  @Override
  public CompletionStage<OnceDecision> refundOnceAsync(
      Match match, long cost, long chargedAtMillis, Once once) {
    if (!slots.areOne(match)) {
      return refundAsync(match, cost, chargedAtMillis)
          .thenApply(decision -> new OnceDecision(decision, false));
    }
    return conversations.begin(
        Dialogue.telling(
            RowsDialogue.refund(codec, judge, match, cost, chargedAtMillis).once(once)));
  }

  /**
   * {@inheritDoc} The stage fails with {@link RedisUnavailableException} if it cannot be done, or
   * nobody knows whether it was.
   */
  @Override
  public CompletionStage<OnceDecision> resetOnceAsync(Match match, Once once) {
    return slots.areOne(match)
        ? conversations.begin(Dialogue.telling(Dialogue.reset(judge, match, Optional.of(once))))
        : resetAsync(match).thenApply(decision -> new OnceDecision(decision, false));
  }

  private Decision fallback(Match match, long cost, Throwable failure) {
    return fallback.decide(
        match, cost, String.valueOf(Conversations.unavailable(failure).getMessage()));
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
        ? conversations.begin(Dialogue.reset(judge, match, Optional.empty()))
        : split.reset(match);
  }

  /**
   * Looks at limits that nobody has, one of each algorithm, some times, if Redis answers: so that
   * the first request does not wait for code to be loaded, here and there.
   */
  void warmUp() {
    List<ApplicableLimit> limits = new ArrayList<>();
    Algorithms algorithms = Algorithms.standard();
    for (String name : algorithms.names()) {
      Limit limit = new Limit(algorithms.find(name).orElseThrow(), 1, 1_000, 1);
      limits.add(
          new ApplicableLimit(
              KeyText.of("weir/warm-up=|#" + name), "warm-up", limit, LimitMode.ENFORCED));
    }
    IdentifierLimits nobody = new IdentifierLimits(KeyText.of("weir/warm-up="), limits);
    Match match = new Match(List.of(nobody), true, 0);
    WarmUp.run(
        () -> {
          var unused = conversations.await(RowsDialogue.check(codec, judge, match, 0));
        },
        System::nanoTime);
  }

  /** What Redis remembers of an identifier: {@link RedisRateLimiter#inspect}. */
  public CompletionStage<StoredRows> inspect(String identifier) {
    return reader.read(identifier);
  }

  /** Ends what is under way, and closes the connection. */
  @Override
  public void close() {
    conversations.endAll();
    disconnect.run();
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return "RedisBackend[" + place + "]";
  }
}
