package io.weir.streams.query;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/**
 * Tells of every answer, also of those to what Jetty refuses before any route sees it. Paths are
 * those of routes: what callers make up is {@code other}. Thread-safe.
 */
final class Answers implements RequestLog {
  private static final String OTHER = "other";

  private final Set<String> whole = new HashSet<>();
  private final List<Beginning> beginnings = new ArrayList<>();
  private final AnswerListener listener;

  /** Paths that begin alike, and go on with one segment or, where it is deep, with several. */
  private record Beginning(String text, boolean isDeep, String route) {
    boolean isOf(String path) {
      return path.startsWith(text) && (isDeep || path.indexOf('/', text.length()) < 0);
    }
  }

  Answers(List<Route> routes, AnswerListener listener) {
    this.listener = listener;
    for (Route route : routes) {
      String fixed = route.path().replaceFirst("[<{].*", "");
      if (fixed.length() == route.path().length()) {
        whole.add(fixed);
      } else {
        beginnings.add(new Beginning(fixed, route.path().contains("<"), route.path()));
      }
    }
  }

  @Override
  public void log(Request request, Response response) {
    listener.answered(path(Optional.ofNullable(request.getHttpURI())), response.getStatus());
  }

  private String path(Optional<HttpURI> uri) {
    // As routes are found: with a slash behind them, too.
    String path = uri.map(HttpURI::getCanonicalPath).orElse("").replaceFirst("/$", "");
    return whole.contains(path)
        ? path
        : beginnings.stream()
            .filter(beginning -> beginning.isOf(path))
            .map(Beginning::route)
            .findFirst()
            .orElse(OTHER);
  }
}
