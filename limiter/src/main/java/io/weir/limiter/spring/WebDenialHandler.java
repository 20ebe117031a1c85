package io.weir.limiter.spring;

import io.weir.limiter.http.Problem;
import io.weir.limiter.http.filter.Denial;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers a request of Spring WebFlux that is not served. Thread-safe, and does not block. */
@FunctionalInterface
public interface WebDenialHandler {
  /**
   * Answers. The fields that tell of limits, {@code Retry-After} and {@code Cache-Control} are set
   * already; the status and the body are not.
   */
  Mono<Void> handle(ServerWebExchange exchange, Denial denial);

  /** Answers with the problem's status and with problem+json; HEAD without a body. */
  static WebDenialHandler problemJson() {
    return (exchange, denial) -> {
      byte[] body = denial.problem().json().getBytes(StandardCharsets.UTF_8);
      ServerHttpResponse response = exchange.getResponse();
      response.setStatusCode(HttpStatusCode.valueOf(denial.problem().status()));
      response.getHeaders().setContentType(MediaType.parseMediaType(Problem.MEDIA_TYPE));
      response.getHeaders().setContentLength(body.length);
      if (HttpMethod.HEAD.equals(exchange.getRequest().getMethod())) {
        return response.setComplete();
      }
      DataBuffer buffer = response.bufferFactory().wrap(body);
      return response.writeWith(Mono.just(buffer));
    };
  }
}
