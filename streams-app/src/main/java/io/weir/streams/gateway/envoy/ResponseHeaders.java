package io.weir.streams.gateway.envoy;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.rule.LimitMode;
import java.util.List;
import java.util.Optional;

/**
 * Headers that Envoy is asked to add to the response of whoever is limited: {@code
 * RateLimit-Limit}, {@code RateLimit-Remaining} and {@code RateLimit-Reset}, of one descriptor, as
 * envoyproxy/ratelimit chooses it: the last that denies without being a quota, else the first with
 * the least left.
 */
final class ResponseHeaders {
  private ResponseHeaders() {}

  /** The answer with headers, if a limit applied. */
  static RateLimitResponse addTo(RateLimitResponse answer, DescriptorsDecision decision) {
    return binding(answer.getStatusesList(), decision)
        .map(status -> answer.toBuilder().addAllResponseHeadersToAdd(of(status)).build())
        .orElse(answer);
  }

  private static List<HeaderValue> of(DescriptorStatus status) {
    return List.of(
        header("RateLimit-Limit", status.getCurrentLimit().getRequestsPerUnit()),
        header("RateLimit-Remaining", status.getLimitRemaining()),
        HeaderValue.newBuilder()
            .setKey("RateLimit-Reset")
            .setValue(Long.toString(status.getDurationUntilReset().getSeconds()))
            .build());
  }

  private static HeaderValue header(String name, int uint32) {
    return HeaderValue.newBuilder().setKey(name).setValue(Integer.toUnsignedString(uint32)).build();
  }

  private static Optional<DescriptorStatus> binding(
      List<DescriptorStatus> statuses, DescriptorsDecision decision) {
    Optional<DescriptorStatus> denying = Optional.empty();
    Optional<DescriptorStatus> least = Optional.empty();
    for (int i = 0; i < statuses.size(); i++) {
      DescriptorStatus status = statuses.get(i);
      if (!status.hasCurrentLimit()) {
        continue;
      }
      LimitStatus limit = decision.descriptors().get(i).statuses().get(0);
      if (status.getCode() == Code.OVER_LIMIT && limit.mode() != LimitMode.QUOTA) {
        denying = Optional.of(status);
      }
      if (least.isEmpty()
          || Integer.compareUnsigned(status.getLimitRemaining(), least.get().getLimitRemaining())
              < 0) {
        least = Optional.of(status);
      }
    }
    return denying.isPresent() ? denying : least;
  }
}
