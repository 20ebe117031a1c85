package io.weir.limiter.spring;

import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.http.RateLimitHeaders;
import io.weir.limiter.http.servlet.ServletAnswer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The advice on Spring MVC. Thread-safe. */
@RestControllerAdvice
public final class ServletRateLimitAdvice extends RateLimitExceededAdvice {
  /** An advice that tells of limits in these fields. */
  public ServletRateLimitAdvice(RateLimitHeaders headers) {
    this(headers, USUAL_ORDER);
  }

  ServletRateLimitAdvice(RateLimitHeaders headers, int order) {
    super(headers, order);
  }

  /** The answer, which tells beside what filters have told. */
  @ExceptionHandler
  public ResponseEntity<String> answer(
      RateLimitExceededException exceeded,
      HttpServletRequest request,
      HttpServletResponse response) {
    return entity(exceeded, new ServletAnswer(request, response));
  }
}
