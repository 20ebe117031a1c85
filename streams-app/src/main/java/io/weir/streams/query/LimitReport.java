package io.weir.streams.query;

import io.weir.limiter.Verdict;
import io.weir.limiter.rule.LimitMode;
import java.util.OptionalLong;

/**
 * One limit that applies to a request, and how it stands.
 *
 * @param identifier who is limited
 * @param instance host and port of the instance that holds the state
 * @param evaluatedAtMillis the time that the report is for, in milliseconds since the epoch: the
 *     wall clock, or the last admission where that is later
 * @param rule name of the rule
 * @param mode what a refusal of this limit means for a request
 * @param verdict what this limit alone would say of a request of cost 1
 * @param retryAfterMillis where the verdict is DENY: the wait until it would be ALLOW, in
 *     milliseconds, rounded up; empty where waiting does not help
 * @param standing the numbers
 */
public record LimitReport(
    String identifier,
    String instance,
    long evaluatedAtMillis,
    String rule,
    LimitMode mode,
    Verdict verdict,
    OptionalLong retryAfterMillis,
    Standing standing) {}
