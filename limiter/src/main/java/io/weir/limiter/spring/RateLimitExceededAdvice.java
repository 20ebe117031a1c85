package io.weir.limiter.spring;

import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.http.Problem;
import io.weir.limiter.http.RateLimitHeaders;
import org.springframework.core.Ordered;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Answers a call that a rule denied with 429 and problem+json, as the filter does, and with 503
 * where nobody could say. There is one for Spring MVC and one for Spring WebFlux. Where a filter
 * has told of other limits before, the answer tells of all. An advice of the application that
 * handles {@link RateLimitExceededException} comes first.
 */
public abstract sealed class RateLimitExceededAdvice implements Ordered
    permits ServletRateLimitAdvice, WebFluxRateLimitAdvice {
  /** Before an advice without an order that handles every exception. */
  static final int USUAL_ORDER = Ordered.LOWEST_PRECEDENCE - 100;

  private final RateLimitHeaders headers;
  private final int order;

  RateLimitExceededAdvice(RateLimitHeaders headers, int order) {
    this.headers = headers;
    this.order = order;
  }

  @Override
  public int getOrder() {
    return order;
  }

  /** The fields that tell of limits are set in the answer itself, beside those that it has. */
  ResponseEntity<String> entity(
      RateLimitExceededException exceeded, RateLimitHeaders.Answer answer) {
    headers.tell(answer, exceeded.decision());
    Problem problem = Problem.of(exceeded.decision());
    return ResponseEntity.status(problem.status())
        .contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE))
        .cacheControl(CacheControl.noStore())
        .body(problem.json());
  }
}
