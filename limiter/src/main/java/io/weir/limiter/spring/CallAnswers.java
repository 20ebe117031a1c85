package io.weir.limiter.spring;

import io.weir.limiter.http.RateLimitHeaders;
import io.weir.limiter.http.servlet.ServletAnswer;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;
import reactor.util.context.ContextView;

/** The answers to HTTP requests that calls are made for. */
final class CallAnswers {
  private CallAnswers() {}

  /** That to the request which this thread serves, of a servlet; what is written cannot change. */
  static Optional<RateLimitHeaders.Answer> ofThread() {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current
        ? Optional.ofNullable(current.getResponse())
            .filter(CallAnswers::isOpen)
            .map(response -> new ServletAnswer(current.getRequest(), response))
        : Optional.empty();
  }

  private static boolean isOpen(HttpServletResponse response) {
    try {
      return !response.isCommitted();
    } catch (IllegalStateException e) {
      // The thread was begun by one that served a request, which is over.
      return false;
    }
  }

  /** That to the request which a subscription is for, of WebFlux. */
  static Optional<RateLimitHeaders.Answer> ofSubscription(ContextView context) {
    return ServerWebExchangeContextFilter.getExchange(context)
        .filter(exchange -> !exchange.getResponse().isCommitted())
        .map(ExchangeAnswer::new);
  }
}
