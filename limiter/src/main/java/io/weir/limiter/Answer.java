package io.weir.limiter;

import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.util.List;
import java.util.Optional;

/**
 * What the limits of one identifier answer to a request that has several: a decision needs the
 * answers of all. Immutable.
 *
 * @param identifierText whose limits they are
 * @param limits what they say, in rule order; there may be none where they were reset
 * @param nowMillis the time they were asked at, in milliseconds since the epoch
 */
public record Answer(KeyText identifierText, List<LimitAnswer> limits, long nowMillis) {

  /** Copies the list. */
  public Answer {
    limits = List.copyOf(limits);
  }

  /**
   * The answer to a request that asks for no tokens.
   *
   * @param identifier whose limits gave tokens back, or were reset
   * @param decision what {@link Judge#refund} or {@link Judge#reset} made of it
   */
  public static Answer holdingNothing(KeyText identifier, Decision decision) {
    return new Answer(
        identifier,
        decision.statuses().stream()
            .map(status -> new LimitAnswer(status, Optional.empty()))
            .toList(),
        decision.nowMillis());
  }

  /**
   * What one limit says.
   *
   * @param status how it stands without the request
   * @param held how it stands with the request, whose tokens it holds; empty where it holds none
   */
  public record LimitAnswer(LimitStatus status, Optional<Usage> held) implements Verdicts.Opinion {

    @Override
    public LimitMode mode() {
      return status.mode();
    }

    @Override
    public boolean admits() {
      return status.verdict() == Verdict.ALLOW;
    }

    /** How it stands after the decision. */
    LimitStatus after(Verdict verdict) {
      return verdict == Verdict.DENY ? status : held.map(status::withUsage).orElse(status);
    }
  }

  /** The keys of the rows that hold tokens for the request. */
  public List<KeyText> heldKeys() {
    return limits.stream()
        .filter(limit -> limit.held().isPresent())
        .map(limit -> limit.status().key())
        .toList();
  }
}
