package io.weir.limiter.outbound;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern of endpoints, as {@code GET api.example.com/repos/{owner}/**}. Immutable.
 *
 * <p>Method and host may be left out, and then are any. In the path, {@code {name}} is any one
 * segment, and {@code **}, which must be the last, all the segments that follow, or none. Other
 * segments are compared as they are; a slash at the end counts for nothing.
 *
 * <p>{@link #MOST_SPECIFIC_FIRST} orders patterns: segment by segment from the left, a literal is
 * before a name, a name before the end of the path, and that before {@code **}; then one with a
 * host is before one without, and one with a method before one without.
 *
 * <p>Two are equal that match the same endpoints: {@code {owner}} and {@code {o}} are both any
 * segment.
 *
 * @param text the pattern in one form, with the names that it was given
 */
record EndpointPattern(
    String text, Optional<String> method, Optional<String> host, List<String> segments) {
  private static final String REST = "**";
  private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]*");
  private static final Pattern NAME = Pattern.compile("\\{\\w+}");
  private static final Pattern HOST = Pattern.compile("[^\\s/{}*]+");
  private static final Pattern LITERAL = Pattern.compile("[^\\s{}*]*");

  static final Comparator<EndpointPattern> MOST_SPECIFIC_FIRST =
      Comparator.comparing(EndpointPattern::kinds)
          .thenComparing(it -> it.host().isEmpty())
          .thenComparing(it -> it.method().isEmpty())
          .thenComparing(EndpointPattern::shape);

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  static EndpointPattern parse(String text) {
    Endpoint parts = Endpoint.split(text);
    parts.method().filter(it -> !METHOD.matcher(it).matches()).ifPresent(it -> refuse(text));
    parts.host().filter(it -> !HOST.matcher(it).matches()).ifPresent(it -> refuse(text));
    List<String> segments = parts.segments();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      boolean known =
          LITERAL.matcher(segment).matches()
              || NAME.matcher(segment).matches()
              || (segment.equals(REST) && i == segments.size() - 1);
      if (!known) {
        refuse(text);
      }
    }
    return new EndpointPattern(parts.toString(), parts.method(), parts.host(), segments);
  }

  /** The pattern without its names: what two have in common that match the same endpoints. */
  String shape() {
    return new Endpoint(
            method,
            host,
            segments.stream().map(it -> NAME.matcher(it).matches() ? "{}" : it).toList())
        .toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EndpointPattern that && shape().equals(that.shape());
  }

  @Override
  public int hashCode() {
    return shape().hashCode();
  }

  private static void refuse(String text) {
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no pattern of endpoints; it must be like 'GET /repos/{owner}/**': a method or"
            + " none, a host or none, and a path of which '**' may only be the last segment");
  }

  boolean matches(Endpoint endpoint) {
    return agrees(method, endpoint.method())
        && agrees(host, endpoint.host())
        && matchesPath(endpoint.segments());
  }

  private static boolean agrees(Optional<String> wanted, Optional<String> found) {
    return wanted.isEmpty() || wanted.equals(found);
  }

  private boolean matchesPath(List<String> path) {
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (segment.equals(REST)) {
        return true;
      }
      if (i == path.size() || (!NAME.matcher(segment).matches() && !segment.equals(path.get(i)))) {
        return false;
      }
    }
    return path.size() == segments.size();
  }

  /** A letter for each segment, so that text order is the order of patterns. */
  private String kinds() {
    StringBuilder kinds = new StringBuilder();
    for (String segment : segments) {
      kinds.append(segment.equals(REST) ? 'd' : NAME.matcher(segment).matches() ? 'b' : 'a');
    }
    // A path that ends is after one that goes on, but before one that ends in anything.
    return kinds.append('c').toString();
  }

  /**
   * A method, a host and a path.
   *
   * @param method in capitals; empty where it is not said
   * @param host in lower case; empty where it is not said
   */
  record Endpoint(Optional<String> method, Optional<String> host, List<String> segments) {

    /** Reads {@code GET host/path}; of a URL's query nothing remains. */
    static Endpoint split(String text) {
      String stripped = text.strip();
      int space = stripped.indexOf(' ');
      Optional<String> method =
          space < 0
              ? Optional.empty()
              : Optional.of(stripped.substring(0, space).toUpperCase(Locale.ROOT));
      String rest = stripped.substring(space + 1).strip();
      int slash = rest.indexOf('/');
      String host = slash < 0 ? rest : rest.substring(0, slash);
      String path = slash < 0 ? "" : rest.substring(slash);
      int query = path.indexOf('?');
      return new Endpoint(
          method,
          host.isEmpty() ? Optional.empty() : Optional.of(host.toLowerCase(Locale.ROOT)),
          segments(query < 0 ? path : path.substring(0, query)));
    }

    private static List<String> segments(String path) {
      List<String> segments = new ArrayList<>(List.of(path.split("/")));
      segments.removeIf(String::isEmpty);
      return List.copyOf(segments);
    }

    @Override
    public String toString() {
      return method.map(it -> it + " ").orElse("")
          + host.orElse("")
          + "/"
          + String.join("/", segments);
    }
  }
}
