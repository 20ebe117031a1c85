package io.weir.limiter.spring;

import io.weir.limiter.http.RateLimitFields.Binding;
import io.weir.limiter.http.RateLimitHeaders;
import java.util.List;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/** The answer to a request of Spring WebFlux. Not thread-safe. */
record ExchangeAnswer(ServerWebExchange exchange) implements RateLimitHeaders.Answer {
  private static final String TOLD = ExchangeAnswer.class.getName() + "#told";

  @Override
  public List<String> values(String field) {
    return exchange.getResponse().getHeaders().getValuesAsList(field);
  }

  @Override
  public void add(String field, String value) {
    exchange.getResponse().getHeaders().add(field, value);
  }

  @Override
  public void set(String field, String value) {
    exchange.getResponse().getHeaders().set(field, value);
  }

  @Override
  public Optional<Binding> told() {
    return Optional.ofNullable(exchange.getAttribute(TOLD));
  }

  @Override
  public void setTold(Binding binding) {
    exchange.getAttributes().put(TOLD, binding);
  }
}
