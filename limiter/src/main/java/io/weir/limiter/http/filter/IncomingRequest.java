package io.weir.limiter.http.filter;

import java.util.List;
import java.util.Optional;

/** A request that came to a server, as limits look at it. As thread-safe as the server's own. */
public interface IncomingRequest {
  /** The method as the client sent it. */
  String method();

  /** The path of the URI as the client sent it. */
  String uriPath();

  /** The path of the application, which that of the URI begins with; empty at the root. */
  String contextPath();

  /**
   * The path inside the application as the server finds handlers by it: decoded, no parameters. Of
   * a welcome page it is the path that was asked for, {@code /} and not {@code /index.html}.
   */
  String path();

  /** The address that the connection comes from; empty where it has none, on a Unix socket say. */
  String remoteAddress();

  /** The name of the authenticated user: there is one only behind what authenticates. */
  Optional<String> user();

  /** The values of a header, in their order; none where it is absent. */
  List<String> headers(String name);

  /** The first value of a header. */
  default Optional<String> header(String name) {
    return headers(name).stream().findFirst();
  }

  /**
   * The server's own request: {@code HttpServletRequest} on servlets, {@code ServerWebExchange} on
   * Spring WebFlux.
   *
   * @throws ClassCastException if it is of another type
   */
  <T> T as(Class<T> type);
}
