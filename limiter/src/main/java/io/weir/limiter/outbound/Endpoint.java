package io.weir.limiter.outbound;

import io.weir.limiter.http.HttpMethods;
import io.weir.limiter.http.RequestPaths;
import io.weir.limiter.http.RoutePattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A method, a host and a path of a request.
 *
 * @param method as {@link HttpMethods#of} has it; empty where it is not said
 * @param host in lower case; empty where it is not said
 */
record Endpoint(Optional<String> method, Optional<String> host, List<String> segments) {

  /** Reads {@code GET host/path}; of a URL's query nothing remains. */
  static Endpoint split(String text) {
    String stripped = text.strip();
    int space = stripped.indexOf(' ');
    Optional<String> method =
        space < 0 ? Optional.empty() : Optional.of(HttpMethods.of(stripped.substring(0, space)));
    String rest = stripped.substring(space + 1).strip();
    int slash = rest.indexOf('/');
    String host = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    int query = path.indexOf('?');
    return new Endpoint(
        method,
        host.isEmpty() ? Optional.empty() : Optional.of(host.toLowerCase(Locale.ROOT)),
        List.copyOf(RequestPaths.segments(query < 0 ? path : path.substring(0, query))));
  }

  boolean isOf(RoutePattern pattern) {
    return pattern.matches(method, host, segments);
  }

  @Override
  public String toString() {
    return method.map(it -> it + " ").orElse("")
        + host.orElse("")
        + "/"
        + String.join("/", segments);
  }
}
