package io.weir.streams.gateway.envoy;

import com.google.protobuf.Duration;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorStatus;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Windows;
import io.weir.limiter.rule.RateUnit;
import java.util.Collections;

/**
 * Writes decisions as Envoy's answers. What Envoy's API has no word for:
 *
 * <ul>
 *   <li>a period that is none of Envoy's units, such as 30 seconds: its unit is UNKNOWN, so that
 *       Envoy's headers have the number and no window;
 *   <li>numbers above 2^32 - 1: they are that;
 *   <li>several limits of one descriptor: the binding one is told.
 * </ul>
 *
 * <p>The time until reset is in whole seconds, rounded up, as Envoy's headers cut off what is
 * below. For a limit that refuses it is the time until it would admit the request; for one that
 * admits, that until its window is over (fixed window) or it is full again without traffic.
 */
final class AnswerWriter {
  private static final long MAX_UINT32 = 0xFFFF_FFFFL;
  private static final long MILLIS_PER_SECOND = 1_000;

  private AnswerWriter() {}

  /**
   * The answer to a request that was judged.
   *
   * @param domain that of the request
   */
  static RateLimitResponse write(String domain, DescriptorsDecision decision) {
    RateLimitResponse.Builder answer =
        RateLimitResponse.newBuilder().setOverallCode(code(decision.decision().verdict()));
    for (DescriptorStatus descriptor : decision.descriptors()) {
      answer.addStatuses(status(domain, descriptor, decision.decision()));
    }
    return answer.build();
  }

  /**
   * The answer to a request that makes no sense: all of it is over its limit, without one that it
   * is over.
   *
   * @param descriptors how many it has
   */
  static RateLimitResponse denied(int descriptors) {
    RateLimitResponse.DescriptorStatus status =
        RateLimitResponse.DescriptorStatus.newBuilder().setCode(Code.OVER_LIMIT).build();
    return RateLimitResponse.newBuilder()
        .setOverallCode(Code.OVER_LIMIT)
        .addAllStatuses(Collections.nCopies(descriptors, status))
        .build();
  }

  private static RateLimitResponse.DescriptorStatus status(
      String domain, DescriptorStatus descriptor, Decision decision) {
    RateLimitResponse.DescriptorStatus.Builder status =
        RateLimitResponse.DescriptorStatus.newBuilder().setCode(code(descriptor.verdict()));
    if (descriptor.reason() == Reason.UNLIMITED) {
      return status.setLimitRemaining((int) MAX_UINT32).build();
    }
    if (descriptor.statuses().isEmpty()) {
      return status.build();
    }
    LimitStatus binding = descriptor.statuses().get(0);
    return status
        .setCurrentLimit(limit(domain, binding))
        .setLimitRemaining(uint32(binding.remaining()))
        .setDurationUntilReset(
            Duration.newBuilder().setSeconds(secondsUntilReset(binding, decision)))
        .build();
  }

  private static Code code(Verdict verdict) {
    return verdict == Verdict.ALLOW ? Code.OK : Code.OVER_LIMIT;
  }

  private static RateLimit limit(String domain, LimitStatus status) {
    return RateLimit.newBuilder()
        .setName(name(domain, status.rule()))
        .setRequestsPerUnit(uint32(status.limit().requests()))
        .setUnit(unit(status.limit().periodMillis()))
        .build();
  }

  /**
   * The name that the rule was given. A rule without one goes by its path, which begins with the
   * domain; Envoy would put it into headers, so what values are ruled by would be seen from
   * outside.
   */
  private static String name(String domain, String rule) {
    return rule.startsWith(domain + ".") ? "" : rule;
  }

  private static Unit unit(long periodMillis) {
    for (RateUnit unit : RateUnit.values()) {
      if (unit.millis() == periodMillis) {
        return Unit.valueOf(unit.name());
      }
    }
    return Unit.UNKNOWN;
  }

  private static long secondsUntilReset(LimitStatus status, Decision decision) {
    // Who asks counts from its own time, which is not later than the one it was judged at.
    long untilMillis =
        status.verdict() == Verdict.DENY && status.retryAfterMillis().isPresent()
            ? status.retryAfterMillis().getAsLong()
            : resetAtMillis(status, decision.nowMillis()) - decision.timestampMillis();
    return -Math.floorDiv(-Math.max(0, untilMillis), MILLIS_PER_SECOND);
  }

  private static long resetAtMillis(LimitStatus status, long nowMillis) {
    return status.limit().algorithm() instanceof FixedWindow
        ? Windows.endMillis(nowMillis, status.limit().periodMillis())
        : status.resetAtMillis();
  }

  /** As a field that has no sign has it: the largest for what is larger. */
  private static int uint32(long number) {
    return (int) Math.min(number, MAX_UINT32);
  }
}
