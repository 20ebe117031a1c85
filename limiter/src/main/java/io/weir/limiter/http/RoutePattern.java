package io.weir.limiter.http;

import io.weir.limiter.words.Quoted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A pattern of requests: a method, which may be left out, and a path; of requests to others, a
 * host, too, as in {@code GET api.example.com/repos/{owner}/**}.
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
 * compared as {@link RequestPaths} makes them: decoded, and with their case. Methods are those of
 * {@link HttpMethods}; a request of any other matches {@code OTHER}, and patterns without a method.
 * Immutable.
 */
public final class RoutePattern {
  private static final String ONE = "{}";
  private static final String REST = "{...}";

  /**
   * The more specific first: segment by segment from the left, then with a host, then with a
   * method. Those that match the same requests are equal to it.
   */
  public static final Comparator<RoutePattern> MOST_SPECIFIC_FIRST =
      Comparator.comparing((RoutePattern pattern) -> pattern.rank)
          .thenComparing(pattern -> pattern.host.isEmpty())
          .thenComparing(pattern -> pattern.method.isEmpty())
          // GET is for HEAD, too, but not where HEAD has a pattern of its own.
          .thenComparing(pattern -> !pattern.method.equals(Optional.of("HEAD")))
          .thenComparing(RoutePattern::shape);

  private enum Kind {
    LITERAL("a", ""),
    ONE("b", RoutePattern.ONE),
    REST("c", RoutePattern.REST);

    /** The more specific, the smaller. */
    private final String rank;

    private final String shape;

    Kind(String rank, String shape) {
      this.rank = rank;
      this.shape = shape;
    }
  }

  private record Segment(Kind kind, String text) {
    boolean matches(String other) {
      return kind == Kind.ONE || text.equals(other);
    }
  }

  private final String text;
  private final Optional<String> method;
  private final Optional<String> host;
  private final List<Segment> segments;

  /** A letter for each segment, in the order of specificity. */
  private final String rank;

  private RoutePattern(
      String text, Optional<String> method, Optional<String> host, List<Segment> segments) {
    this.text = text;
    this.method = method;
    this.host = host;
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
    if (!method.isEmpty() && !HttpMethods.isOfRoutes(method)) {
      throw wrong(text, HttpMethods.wrong(method));
    }
    requireReadable(text, trimmed.substring(slash));
    String path =
        trimmed.substring(slash).replace("/**", "/" + REST).replaceAll("/\\*(?=/|$)", "/" + ONE);
    List<Segment> segments = segments(text, path);
    return new RoutePattern(
        method.isEmpty() ? path : method + " " + path,
        method.isEmpty() ? Optional.empty() : Optional.of(method),
        Optional.empty(),
        segments);
  }

  /** Wants a path as requests have it: decoded, and without what follows it in a URI. */
  private static void requireReadable(String text, String path) {
    requireSeen(text, path);
    String alone = path.split("[?#]", 2)[0];
    if (!alone.equals(path)) {
      throw wrong(text, "has a query or a fragment; it must be of the path alone: " + alone);
    }
    String decoded = RequestPaths.decoded(path);
    if (!decoded.equals(path)) {
      throw wrong(text, "is percent-encoded; it must be written as it is read: " + decoded);
    }
  }

  private static void requireSeen(String text, String path) {
    if (!Quoted.isSeen(path)) {
      throw wrong(text, "has characters in its path that are not to be seen; leave them out");
    }
  }

  /**
   * Reads a pattern of requests to others, as {@link RequestTarget} says: the method in any case,
   * the host, and the path. Slashes too many in the path count for nothing.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong with it
   */
  public static RoutePattern parseWithHost(String text) {
    RequestTarget target = RequestTarget.parse("the route", text);
    Optional<String> method = target.method().map(it -> it.toUpperCase(Locale.ROOT));
    if (method.isPresent() && !HttpMethods.isOfRoutes(method.get())) {
      throw wrong(text, HttpMethods.wrong(method.get()));
    }
    if (target.path().chars().anyMatch(Character::isWhitespace)) {
      throw wrong(text, "has a space in its path; it must be like GET /repos/{owner}/**");
    }
    requireSeen(text, target.path());
    if (target.path().indexOf('?') >= 0 || target.path().indexOf('#') >= 0) {
      throw wrong(text, "has a query or a fragment; a pattern is of the path alone");
    }
    String path = RequestPaths.normalised(target.path());
    return new RoutePattern(
        written(method, target.host(), path),
        method,
        target.host(),
        segments(text, path.replace("/**", "/" + REST).replaceAll("/\\*(?=/|$)", "/" + ONE)));
  }

  private static String written(Optional<String> method, Optional<String> host, String path) {
    return method.map(it -> it + " ").orElse("")
        + host.map(RequestTarget::written).orElse("")
        + path;
  }

  /**
   * The pattern of what it matches on one host.
   *
   * @param requestHost in lower case; a pattern that has a host stays as it is
   */
  public RoutePattern on(String requestHost) {
    if (host.isPresent()) {
      return this;
    }
    String path = text.substring(text.indexOf('/'));
    Optional<String> there = Optional.of(requestHost);
    return new RoutePattern(written(method, there, path), method, there, segments);
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
        throw wrong(
            text, "has the segment '" + Quoted.text(part) + "'; * and {name} are whole segments");
      } else {
        segments.add(new Segment(Kind.LITERAL, part));
      }
    }
    return List.copyOf(segments);
  }

  private static IllegalArgumentException wrong(String text, String what) {
    return new IllegalArgumentException("the route '" + Quoted.text(text.strip()) + "' " + what);
  }

  /** The method; empty where all match. */
  public Optional<String> method() {
    return method;
  }

  /** The host, in lower case; empty where all match. */
  public Optional<String> host() {
    return host;
  }

  /** The pattern without the names of its segments: that of those that match the same requests. */
  public String shape() {
    StringBuilder shape = new StringBuilder(method.map(it -> it + " ").orElse(""));
    host.ifPresent(shape::append);
    for (Segment segment : segments) {
      shape
          .append('/')
          .append(segment.kind() == Kind.LITERAL ? segment.text() : segment.kind().shape);
    }
    return segments.isEmpty() ? shape.append('/').toString() : shape.toString();
  }

  /**
   * Whether a request to somebody else is of this pattern.
   *
   * @param requestMethod as {@link HttpMethods#of} has it; empty where it is not known
   * @param requestHost in lower case; empty where it is not known
   * @param path the segments of its path
   */
  public boolean matches(
      Optional<String> requestMethod, Optional<String> requestHost, List<String> path) {
    return (method.isEmpty() || requestMethod.filter(this::matchesMethod).isPresent())
        && (host.isEmpty() || host.equals(requestHost))
        && matchesPath(path);
  }

  /**
   * Whether a request is of this pattern.
   *
   * @param requestMethod as {@link HttpMethods#of} has it
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
    return shape().equals(other.shape());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RoutePattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The pattern: the method, a space, the host and the path. */
  @Override
  public String toString() {
    return text;
  }
}
