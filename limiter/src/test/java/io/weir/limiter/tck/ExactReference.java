package io.weir.limiter.tck;

import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.LimitMode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Judges by the words of the semantics and by {@link ExactLimit}, and shares no code with what it
 * is compared with but the matching of rules. It says what matters, not all of a decision, and
 * knows no rules that change: {@link ReferenceLimiter} does both, by Weir's own judge.
 */
public final class ExactReference {
  private final Map<String, Row> rows = new HashMap<>();

  private static final class Row {
    final Limit limit;
    final ExactLimit exact;
    long lastMillis;

    Row(Limit limit) {
      this.limit = limit;
      this.exact = ExactLimit.of(limit);
    }
  }

  /**
   * What a request gets.
   *
   * @param verdict whether it may proceed
   * @param limits what each limit says, by its state key
   * @param nowMillis the time it was judged at
   * @param delayMillis the wait of an allowed request for its turn
   */
  public record Outcome(
      Verdict verdict, Map<String, Verdict> limits, long nowMillis, long delayMillis) {

    /** What a decision says of the same. */
    public static Outcome of(Decision decision) {
      Map<String, Verdict> limits = new LinkedHashMap<>();
      for (LimitStatus status : decision.statuses()) {
        limits.put(status.stateKey(), status.verdict());
      }
      return new Outcome(decision.verdict(), limits, decision.nowMillis(), decision.delayMillis());
    }
  }

  /**
   * Judges a request and charges what it takes.
   *
   * @throws IllegalArgumentException if a limit has other numbers than before
   */
  public Outcome judge(Check check) {
    return judge(check, check.timestampMillis(), true);
  }

  /**
   * Gives tokens back to all limits, and changes nothing of when they were last charged.
   *
   * @param check the limits, and the tokens
   * @param chargedAtMillis the time that they were taken at, by the word of who took them
   */
  public Outcome refund(Check check, long chargedAtMillis) {
    Outcome outcome = granted(check, nowMillis(check, check.timestampMillis()));
    for (ApplicableLimit limit : check.limits()) {
      row(limit).exact.giveBack(chargedAtMillis, limit.cost(check.cost()));
    }
    return outcome;
  }

  /** Forgets all that is known of the identifiers of these limits. */
  public Outcome reset(Check check) {
    for (ApplicableLimit limit : check.limits()) {
      String identifier = limit.stateKey().split("\\|", 2)[0];
      rows.keySet().removeIf(key -> key.split("\\|", 2)[0].equals(identifier));
    }
    return granted(check, nowMillis(check, check.timestampMillis()));
  }

  /** Whether so many tokens would be admitted by a limit alone. */
  public boolean fits(LimitStatus limit, long nowMillis, long cost) {
    Row row = rows.get(limit.stateKey());
    return (row == null ? ExactLimit.of(limit.limit()) : row.exact).fits(nowMillis, cost);
  }

  private static Outcome granted(Check check, long nowMillis) {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    check.limits().forEach(limit -> verdicts.put(limit.stateKey(), Verdict.ALLOW));
    return new Outcome(Verdict.ALLOW, verdicts, nowMillis, 0);
  }

  /** Not before the stream's time less the lateness, and not before an admission. */
  private long nowMillis(Check check, long timestampMillis) {
    long now = Math.max(timestampMillis, check.floorMillis());
    for (ApplicableLimit limit : check.limits()) {
      now = Math.max(now, row(limit).lastMillis);
    }
    return now;
  }

  /** Whether the request would be admitted if it came at another time and nothing came before. */
  public boolean wouldAdmit(Check check, long timestampMillis) {
    return judge(check, timestampMillis, false).verdict() == Verdict.ALLOW;
  }

  private Outcome judge(Check check, long timestampMillis, boolean charge) {
    long now = nowMillis(check, timestampMillis);
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    boolean denies = false;
    int quotas = 0;
    int quotasThatRefuse = 0;
    long delayMillis = 0;
    for (ApplicableLimit limit : check.limits()) {
      boolean fits =
          row(limit).exact.fits(now, askedFor(check, limit))
              && row(limit).exact.delayMillis(now) <= check.maxDelayMillis();
      verdicts.put(limit.stateKey(), fits ? Verdict.ALLOW : Verdict.DENY);
      switch (limit.mode()) {
        case ENFORCED -> denies |= !fits;
        case QUOTA -> {
          quotas++;
          quotasThatRefuse += fits ? 0 : 1;
        }
        case SHADOW -> {}
      }
      if (fits && limit.mode() != LimitMode.SHADOW) {
        delayMillis = Math.max(delayMillis, row(limit).exact.delayMillis(now));
      }
    }
    denies |= quotas > 0 && quotas == quotasThatRefuse;
    if (charge && !denies) {
      for (ApplicableLimit limit : check.limits()) {
        long cost = limit.cost(check.cost());
        if (cost > 0 && verdicts.get(limit.stateKey()) == Verdict.ALLOW) {
          row(limit).exact.take(now, cost);
          row(limit).lastMillis = now;
        }
      }
    }
    return new Outcome(
        denies ? Verdict.DENY : Verdict.ALLOW, verdicts, now, denies ? 0 : delayMillis);
  }

  /** A peek is answered as a cost of 1. */
  private static long askedFor(Check check, ApplicableLimit limit) {
    return Math.max(1, limit.cost(check.cost()));
  }

  private Row row(ApplicableLimit applicable) {
    Row row = rows.computeIfAbsent(applicable.stateKey(), key -> new Row(applicable.limit()));
    if (!row.limit.equals(applicable.limit())) {
      throw new IllegalArgumentException(applicable.stateKey() + " was " + row.limit);
    }
    return row;
  }
}
