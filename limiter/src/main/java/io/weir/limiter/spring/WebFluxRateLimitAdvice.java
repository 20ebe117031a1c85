package io.weir.limiter.spring;

import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.http.RateLimitHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ServerWebExchange;

/** The advice on Spring WebFlux. Thread-safe. */
@RestControllerAdvice
public final class WebFluxRateLimitAdvice extends RateLimitExceededAdvice {
  /** An advice that tells of limits in these fields. */
  public WebFluxRateLimitAdvice(RateLimitHeaders headers) {
    this(headers, USUAL_ORDER);
  }

  WebFluxRateLimitAdvice(RateLimitHeaders headers, int order) {
    super(headers, order);
  }

  /** The answer, which tells beside what filters have told. */
  @ExceptionHandler
  public ResponseEntity<String> answer(
      RateLimitExceededException exceeded, ServerWebExchange exchange) {
    return entity(exceeded, new ExchangeAnswer(exchange));
  }
}
