package io.weir.limiter.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A pattern of requests: a method, which may be left out, and a path.
 *
 * <pre>{@code
 * POST /login
 * GET /orders/{id}      one segment, whatever it is; so does *
 * /files/**             all that is below, and /files itself
 * }</pre>
 *
 * <p>As the value of an attribute {@code *} is written <code>{}</code>, and {@code **} <code>{...}
 * </code>, since rules take a star for a wildcard; patterns may be written so, too. {@code GET}
 * matches {@code HEAD}, too, which is the same request without the answer's body. Paths are
 * compared as {@link RequestPaths} makes them: decoded, and with their case. Immutable.
 */
public final class RoutePattern {
  private static final String ONE = "{}";
  private static final String REST = "{...}";

  /** The more specific first: segment by segment from the left, then with a method. */
  static final Comparator<RoutePattern> MOST_SPECIFIC_FIRST =
      Comparator.comparing((RoutePattern pattern) -> pattern.rank)
          .thenComparing(pattern -> pattern.method.isEmpty())
          // GET is for HEAD, too, but not where HEAD has a pattern of its own.
          .thenComparing(pattern -> !pattern.method.equals(Optional.of("HEAD")));

  private enum Kind {
    LITERAL("a"),
    ONE("b"),
    REST("c");

    /** The more specific, the smaller. */
    private final String rank;

    Kind(String rank) {
      this.rank = rank;
    }
  }

  private record Segment(Kind kind, String text) {
    boolean matches(String other) {
      return kind == Kind.ONE || text.equals(other);
    }
  }

  private final String text;
  private final Optional<String> method;
  private final List<Segment> segments;

  /** A letter for each segment, in the order of specificity. */
  private final String rank;

  private RoutePattern(String text, Optional<String> method, List<Segment> segments) {
    this.text = text;
    this.method = method;
    this.segments = segments;
    // The end comes before anything that goes on, as "" sorts before all.
    this.rank = segments.stream().map(segment -> segment.kind().rank).collect(Collectors.joining());
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong with it
   */
  public static RoutePattern parse(String text) {
    String trimmed = text.strip();
    int slash = trimmed.indexOf('/');
    if (slash < 0) {
      throw wrong(text, "has no path; it must be like POST /login or /files/**");
    }
    String method = trimmed.substring(0, slash).strip();
    if (!method.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw wrong(text, "has the method '" + method + "'; it must be one such as GET, or none");
    }
    String path =
        trimmed.substring(slash).replace("/**", "/" + REST).replaceAll("/\\*(?=/|$)", "/" + ONE);
    List<Segment> segments = segments(text, path);
    return new RoutePattern(
        method.isEmpty() ? path : method + " " + path,
        method.isEmpty() ? Optional.empty() : Optional.of(method),
        segments);
  }

  private static List<Segment> segments(String text, String path) {
    List<Segment> segments = new ArrayList<>();
    List<String> parts = RequestPaths.segments(path);
    if (!RequestPaths.normalised(path).equals(path)) {
      throw wrong(text, "has a path that no request has; it must be like /orders/{id}");
    }
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (part.equals(REST)) {
        if (i < parts.size() - 1) {
          throw wrong(text, "has ** before its end; in between, * and {name} are one segment");
        }
        segments.add(new Segment(Kind.REST, ""));
      } else if (part.startsWith("{") && part.endsWith("}") && part.lastIndexOf('{') == 0) {
        segments.add(new Segment(Kind.ONE, ""));
      } else if (part.indexOf('*') >= 0 || part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
        throw wrong(text, "has the segment '" + part + "'; * and {name} are whole segments");
      } else {
        segments.add(new Segment(Kind.LITERAL, part));
      }
    }
    return List.copyOf(segments);
  }

  private static IllegalArgumentException wrong(String text, String what) {
    return new IllegalArgumentException("the route '" + text.strip() + "' " + what);
  }

  /** The method; empty where all match. */
  public Optional<String> method() {
    return method;
  }

  /**
   * Whether a request is of this pattern.
   *
   * @param requestMethod in upper case
   * @param path as {@link RequestPaths} made it
   */
  public boolean matches(String requestMethod, String path) {
    return matches(requestMethod, RequestPaths.segments(path));
  }

  boolean matches(String requestMethod, List<String> path) {
    return matchesMethod(requestMethod) && matchesPath(path);
  }

  private boolean matchesMethod(String requestMethod) {
    return method.isEmpty()
        || method.get().equals(requestMethod)
        || (method.get().equals("GET") && requestMethod.equals("HEAD"));
  }

  private boolean matchesPath(List<String> path) {
    boolean open = !segments.isEmpty() && segments.get(segments.size() - 1).kind() == Kind.REST;
    int fixed = open ? segments.size() - 1 : segments.size();
    if (open ? path.size() < fixed : path.size() != fixed) {
      return false;
    }
    for (int i = 0; i < fixed; i++) {
      if (!segments.get(i).matches(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether both match the same requests, whatever they call their segments. */
  boolean isLike(RoutePattern other) {
    return method.equals(other.method) && segments.equals(other.segments);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RoutePattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The pattern: the method, a space and the path. */
  @Override
  public String toString() {
    return text;
  }
}
