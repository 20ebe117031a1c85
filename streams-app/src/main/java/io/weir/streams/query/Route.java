package io.weir.streams.query;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * One thing that the HTTP door does.
 *
 * @param method the HTTP method
 * @param path the path as Javalin writes it: {@code {name}} for one segment, {@code <name>} for the
 *     rest of the path
 * @param handler answers; a {@link ProblemException} becomes problem+json
 * @param safe whether nothing changes by it: then what answers GET answers HEAD too
 */
public record Route(HandlerType method, String path, Handler handler, boolean safe) {

  /** A route that answers GET and HEAD. */
  public static Route get(String path, Handler handler) {
    return new Route(HandlerType.GET, path, handler, true);
  }

  /** A route that answers GET, and does something. */
  public static Route unsafeGet(String path, Handler handler) {
    return new Route(HandlerType.GET, path, handler, false);
  }

  /** A route that answers POST. */
  public static Route post(String path, Handler handler) {
    return new Route(HandlerType.POST, path, handler, false);
  }
}
