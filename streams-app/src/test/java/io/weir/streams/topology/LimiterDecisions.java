package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Decisions of the topic as the library has them, so that the two can be compared. */
public final class LimiterDecisions {
  private LimiterDecisions() {}

  /** A decision of the topic. */
  public static Decision of(io.weir.schemas.Decision decision) {
    return new Decision(
        Verdict.valueOf(decision.getVerdict().name()),
        Reason.valueOf(decision.getReason().name()),
        Optional.ofNullable(decision.getMessage()),
        Optional.ofNullable(decision.getIdentifier()).map(KeyText::of),
        decision.getStatuses().stream().map(LimiterDecisions::status).toList(),
        optional(decision.getRetryAfterMs()),
        decision.getDelayMs(),
        decision.getRulesRevision(),
        decision.getEventTime().toEpochMilli(),
        decision.getEvaluationTime().toEpochMilli(),
        decision.getDegraded());
  }

  /** A status of the topic. */
  public static LimitStatus status(io.weir.schemas.LimitStatus status) {
    return new LimitStatus(
        KeyText.of(status.getStateKey()),
        status.getRule(),
        new Limit(
            Algorithms.standard().find(status.getAlgorithm()).orElseThrow(),
            status.getLimit(),
            status.getPeriodMs(),
            status.getBurst()),
        LimitMode.valueOf(status.getMode().name()),
        Verdict.valueOf(status.getVerdict().name()),
        status.getRemaining(),
        status.getResetAt().toEpochMilli(),
        optional(status.getRetryAfterMs()),
        status.getDelayMs());
  }

  private static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
