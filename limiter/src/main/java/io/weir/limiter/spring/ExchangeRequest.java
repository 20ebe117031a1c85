package io.weir.limiter.spring;

import io.weir.limiter.http.RequestPaths;
import io.weir.limiter.http.filter.IncomingRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * A request of Spring WebFlux.
 *
 * @param authenticated gives the name of the user, or throws why it is not known
 */
record ExchangeRequest(ServerWebExchange exchange, Supplier<Optional<String>> authenticated)
    implements IncomingRequest {
  private ServerHttpRequest request() {
    return exchange.getRequest();
  }

  @Override
  public String method() {
    return request().getMethod().name();
  }

  @Override
  public String uriPath() {
    return request().getPath().value();
  }

  @Override
  public String contextPath() {
    return request().getPath().contextPath().value();
  }

  /** Handlers are found by segments that are decoded each for itself, slashes in them included. */
  @Override
  public String path() {
    return RequestPaths.ofUri(uriPath(), contextPath());
  }

  @Override
  public String remoteAddress() {
    InetSocketAddress peer = request().getRemoteAddress();
    if (peer == null) {
      return "";
    }
    // What a header told is not resolved.
    return peer.getAddress() == null ? peer.getHostString() : peer.getAddress().getHostAddress();
  }

  @Override
  public Optional<String> user() {
    return authenticated.get();
  }

  @Override
  public List<String> headers(String name) {
    return request().getHeaders().getOrEmpty(name);
  }

  @Override
  public <T> T as(Class<T> type) {
    return type.cast(exchange);
  }
}
