package io.weir.limiter.spring;

import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.http.Degradation;
import io.weir.limiter.http.Problem;
import io.weir.limiter.http.RateLimitFields;
import org.springframework.core.Ordered;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers a call that a rule denied with 429 and problem+json, as the filter does, and with 503
 * where nobody could say; on Spring MVC and WebFlux alike. An advice of the application that
 * handles {@link RateLimitExceededException} comes first.
 */
@RestControllerAdvice
public final class RateLimitExceededAdvice implements Ordered {
  /** Before an advice without an order that handles every exception. */
  private static final int ORDER = Ordered.LOWEST_PRECEDENCE - 100;

  private final RateLimitFields.Style style;
  private final RateLimitFields.ResetForm resetForm;
  private final int order;

  /** An advice that tells of limits in these fields. */
  public RateLimitExceededAdvice(RateLimitFields.Style style, RateLimitFields.ResetForm resetForm) {
    this(style, resetForm, ORDER);
  }

  private RateLimitExceededAdvice(
      RateLimitFields.Style style, RateLimitFields.ResetForm resetForm, int order) {
    this.style = style;
    this.resetForm = resetForm;
    this.order = order;
  }

  /** This advice behind all others, whether or not they have an order. */
  RateLimitExceededAdvice behindOthers() {
    return new RateLimitExceededAdvice(style, resetForm, Ordered.LOWEST_PRECEDENCE);
  }

  @Override
  public int getOrder() {
    return order;
  }

  /** The answer. */
  @ExceptionHandler
  public ResponseEntity<String> answer(RateLimitExceededException exceeded) {
    Problem problem = Problem.of(exceeded.decision());
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(problem.status())
            .contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE))
            .cacheControl(CacheControl.noStore());
    RateLimitFields.of(exceeded.decision())
        .fields(style, resetForm, true)
        .forEach((name, value) -> answer.header(name, value));
    Degradation.of(exceeded.decision()).ifPresent(value -> answer.header(Degradation.FIELD, value));
    return answer.body(problem.json());
  }
}
