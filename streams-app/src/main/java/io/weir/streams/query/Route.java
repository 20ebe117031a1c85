package io.weir.streams.query;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * One thing that the HTTP door does.
 *
 * @param method the HTTP method; what answers GET answers HEAD too
 * @param path the path as Javalin writes it: {@code {name}} for one segment, {@code <name>} for the
 *     rest of the path
 * @param handler answers; a {@link ProblemException} becomes problem+json
 */
public record Route(HandlerType method, String path, Handler handler) {

  /** A route that answers GET. */
  public static Route get(String path, Handler handler) {
    return new Route(HandlerType.GET, path, handler);
  }
}
