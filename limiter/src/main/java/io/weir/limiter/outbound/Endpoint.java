package io.weir.limiter.outbound;

import io.weir.limiter.http.HttpMethods;
import io.weir.limiter.http.RequestPaths;
import io.weir.limiter.http.RequestTarget;
import io.weir.limiter.http.RoutePattern;
import java.util.List;
import java.util.Optional;

/**
 * A method, a host and a path of a request.
 *
 * @param method as {@link HttpMethods#of} has it; empty where it is not said
 * @param host in lower case; empty where it is not said
 */
record Endpoint(Optional<String> method, Optional<String> host, List<String> segments) {

  /**
   * Reads {@code GET host/path}, see {@link RequestTarget}; of a query nothing remains.
   *
   * @throws IllegalArgumentException if it is none; the message shows the form
   */
  static Endpoint split(String text) {
    RequestTarget target = RequestTarget.parse("the endpoint", text);
    String path = target.path();
    int query = path.indexOf('?');
    return new Endpoint(
        target.method().map(HttpMethods::of),
        target.host(),
        List.copyOf(RequestPaths.segments(query < 0 ? path : path.substring(0, query))));
  }

  boolean isOf(RoutePattern pattern) {
    return pattern.matches(method, host, segments);
  }

  /** As {@link RoutePattern#shape} has it of a pattern of just this endpoint. */
  String shape() {
    return written(host.orElse(""));
  }

  @Override
  public String toString() {
    return written(host.map(RequestTarget::written).orElse(""));
  }

  private String written(String there) {
    return method.map(it -> it + " ").orElse("") + there + "/" + String.join("/", segments);
  }
}
