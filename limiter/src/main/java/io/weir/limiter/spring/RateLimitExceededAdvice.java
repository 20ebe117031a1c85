package io.weir.limiter.spring;

import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.http.Degradation;
import io.weir.limiter.http.Problem;
import io.weir.limiter.http.RateLimitFields;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
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
@Order(Ordered.LOWEST_PRECEDENCE - 100)
public final class RateLimitExceededAdvice {
  private final RateLimitFields.Style style;
  private final RateLimitFields.ResetForm resetForm;

  /** An advice that tells of limits in these fields. */
  public RateLimitExceededAdvice(RateLimitFields.Style style, RateLimitFields.ResetForm resetForm) {
    this.style = style;
    this.resetForm = resetForm;
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
