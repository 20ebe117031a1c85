package io.weir.limiter;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What becomes of state by a caller's word, as pure steps; {@link Judge} tells the rules. */
final class Corrections {
  private Corrections() {}

  /**
   * Checks what a refund is asked for.
   *
   * @throws IllegalArgumentException with a sentence that says which number is wrong
   */
  static void requireRefundable(long cost, long chargedAtMillis) {
    if (cost < 1) {
      throw new IllegalArgumentException(
          "the cost of a refund is " + cost + "; it must be the tokens to give back, 1 or more");
    }
    if (chargedAtMillis < 0) {
      throw new IllegalArgumentException(
          "the time of the charge that is refunded is "
              + chargedAtMillis
              + "; it must be a time in milliseconds since the epoch, 0 or more");
    }
  }

  static Judgement refund(Check check, long chargedAtMillis, Judge.Rows rows) {
    requireRefundable(check.cost(), chargedAtMillis);
    @Nullable StoredLimit[] found = FoundRows.find(check, rows);
    long nowMillis = FoundRows.nowMillis(check, found);
    LimitStatus[] statuses = new LimitStatus[found.length];
    List<Judgement.Write> writes = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      ApplicableLimit limit = check.limits().get(i);
      StoredLimit row = found[i];
      StoredLimit next =
          row != null && FoundRows.isOf(limit.limit().algorithm(), row)
              ? row.refunded(chargedAtMillis, limit.cost(check.cost()))
              : row;
      if (next != null && !next.equals(row)) {
        writes.add(new Judgement.Write(limit.key(), next));
      }
      statuses[i] = status(limit, next, nowMillis);
    }
    Decision decision =
        Verdicts.granted(
            Reason.REFUNDED,
            statuses,
            check.identifierText(),
            check.rulesRevision(),
            check.timestampMillis(),
            nowMillis);
    return new Judgement(decision, writes);
  }

  static Decision reset(Match match, long timestampMillis, long floorMillis) {
    if (match.identifiers().isEmpty()) {
      throw new IllegalArgumentException("no identifier is named; there is nothing to reset");
    }
    long nowMillis = Math.max(timestampMillis, floorMillis);
    List<LimitStatus> statuses = new ArrayList<>();
    for (IdentifierLimits identifier : match.identifiers()) {
      for (ApplicableLimit limit : identifier.limits()) {
        statuses.add(status(limit, null, nowMillis));
      }
    }
    return Verdicts.granted(
        Reason.RESET,
        statuses.toArray(new LimitStatus[0]),
        match.identifiers().get(0).identifierText(),
        match.revision(),
        timestampMillis,
        nowMillis);
  }

  private static LimitStatus status(
      ApplicableLimit limit, @Nullable StoredLimit row, long nowMillis) {
    Usage usage = FoundRows.usage(limit.limit(), row, nowMillis);
    return new LimitStatus(
        limit.key(),
        limit.rule(),
        limit.limit(),
        limit.mode(),
        Verdict.ALLOW,
        usage.remaining(),
        usage.resetAtMillis(),
        OptionalLong.empty(),
        0);
  }
}
