package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.concurrent.CompletableFuture;

/** Keeps the state of limits in Redis. Thread-safe. */
final class RedisBackend implements LimitBackend {
  private final Judge judge = new Judge();
  private final Coalescer coalescer;
  private final ScriptRowCodec codec;

  RedisBackend(Coalescer coalescer, ScriptRowCodec codec) {
    this.coalescer = coalescer;
    this.codec = codec;
  }

  @Override
  public Decision judge(Match match, long cost) {
    return converse(Dialogue.check(codec, judge, match, cost));
  }

  @Override
  public Decision refund(Match match, long cost, long chargedAtMillis) {
    return converse(Dialogue.refund(codec, judge, match, cost, chargedAtMillis));
  }

  @Override
  public Decision reset(Match match) {
    Ask forget =
        Ask.forget(match.identifiers().stream().map(IdentifierLimits::identifierText).toList());
    Found found = coalescer.ask(forget).join();
    return judge.reset(match, found.timeMillis(), found.floorMillis());
  }

  private Decision converse(Dialogue dialogue) {
    Dialogue.Turn turn = new Dialogue.Turn.Next(dialogue.first());
    while (turn instanceof Dialogue.Turn.Next next) {
      CompletableFuture<Found> found = coalescer.ask(next.ask());
      turn = dialogue.after(found.join());
    }
    return ((Dialogue.Turn.Done) turn).decision();
  }

  @Override
  public void close() {}
}
