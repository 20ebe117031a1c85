package io.weir.streams.query;

import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * Says how limits stand, as a pure step from limits, rows and time. It peeks with the {@link Judge}
 * that decides, so that an answer and the next decision cannot differ. Stateless and thread-safe.
 */
public final class LimitReporter {
  private final Judge judge;

  /** A reporter that peeks with the given judge. */
  public LimitReporter(Judge judge) {
    this.judge = judge;
  }

  /**
   * How the limits of one identifier stand.
   *
   * @param instance host and port of this instance
   * @param limits the identifier and its limits
   * @param rulesRevision the revision of the rules that the limits are from
   * @param wallMillis the wall clock, in milliseconds since the epoch
   * @param rows finds what is remembered; each row is asked for once
   */
  public List<LimitReport> limits(
      String instance,
      IdentifierLimits limits,
      long rulesRevision,
      long wallMillis,
      Judge.Rows rows) {
    Map<KeyText, Optional<StoredLimit>> found = new HashMap<>();
    for (ApplicableLimit limit : limits.limits()) {
      found.put(limit.key(), rows.find(limit.key()));
    }
    Check peek =
        new Check(limits.identifierText(), limits.limits(), 0, wallMillis, 0, rulesRevision);
    Decision decision =
        judge.judge(peek, key -> found.getOrDefault(key, Optional.empty())).decision();
    List<LimitReport> reports = new ArrayList<>(decision.statuses().size());
    for (LimitStatus status : decision.statuses()) {
      reports.add(
          new LimitReport(
              limits.identifier(),
              instance,
              decision.nowMillis(),
              status.rule(),
              status.mode(),
              status.verdict(),
              status.retryAfterMillis(),
              standing(
                  status.stateKey(),
                  status.limit(),
                  new Usage(status.remaining(), status.resetAtMillis()),
                  found.getOrDefault(status.key(), Optional.empty()))));
    }
    return reports;
  }

  /**
   * How rows stand under the numbers that they were written under.
   *
   * @param identifier who is limited
   * @param instance host and port of this instance
   * @param rows the rows by state key
   * @param most how many rows to report at most; the answer says whether there are more
   * @param wallMillis the wall clock, in milliseconds since the epoch
   */
  public RowsAnswer rows(
      String identifier,
      String instance,
      SortedMap<String, StoredLimit> rows,
      int most,
      long wallMillis) {
    long nowMillis = wallMillis;
    for (StoredLimit row : rows.values()) {
      nowMillis = Math.max(nowMillis, row.state().lastMillis());
    }
    List<Standing> standings = new ArrayList<>(rows.size());
    for (Map.Entry<String, StoredLimit> entry : rows.entrySet()) {
      if (standings.size() == most) {
        break;
      }
      Optional<StoredLimit> row = Optional.of(entry.getValue());
      Limit limit = entry.getValue().limit();
      standings.add(standing(entry.getKey(), limit, judge.usage(limit, row, nowMillis), row));
    }
    return new RowsAnswer(identifier, instance, nowMillis, standings, rows.size() > most);
  }

  private static Standing standing(
      String stateKey, Limit limit, Usage usage, Optional<StoredLimit> row) {
    return new Standing(
        stateKey,
        limit.algorithm().name(),
        limit.requests(),
        limit.periodMillis(),
        limit.burst(),
        usage.remaining(),
        usage.resetAtMillis(),
        row.isPresent() ? OptionalLong.of(row.get().state().lastMillis()) : OptionalLong.empty());
  }
}
