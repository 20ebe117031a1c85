package io.weir.limiter.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The one form that a path has for limits, so that spelling it otherwise gives no other budget:
 * {@code //login/} and {@code /a/../login} are {@code /login}.
 */
public final class RequestPaths {
  private static final Pattern ENCODED_SLASH = Pattern.compile("%(2[Ff])");

  private RequestPaths() {}

  /**
   * The one form of a path.
   *
   * @param decoded the path as the container decoded it, without parameters. What is still encoded
   *     stays so, and a semicolon is a character as any other: reading it once more would make two
   *     paths of the application's one
   * @return a path that begins with a slash and, but for the root, does not end with one
   */
  public static String normalised(String decoded) {
    return "/" + String.join("/", segments(decoded));
  }

  /** The segments of the one form of a path; none of the root. */
  public static List<String> segments(String decoded) {
    List<String> segments = new ArrayList<>();
    int from = 0;
    while (from <= decoded.length()) {
      int slash = decoded.indexOf('/', from);
      int end = slash < 0 ? decoded.length() : slash;
      add(decoded.substring(from, end), segments);
      from = end + 1;
    }
    return segments;
  }

  private static void add(String segment, List<String> segments) {
    if (segment.equals("..")) {
      if (!segments.isEmpty()) {
        segments.remove(segments.size() - 1);
      }
    } else if (!segment.isEmpty() && !segment.equals(".")) {
      segments.add(segment);
    }
  }

  /**
   * The one form of a path that the container has not decoded: parameters are cut off, then each
   * segment is decoded once, but for slashes in it. What cannot be decoded stays as it is.
   *
   * @param uri the path of the request's URI
   * @param contextPath the path of the application, which the URI begins with in any spelling
   */
  public static String ofUri(String uri, String contextPath) {
    List<String> segments = segmentsOfUri(uri);
    // Counted alike, or else a client that can choose the context path cuts off more than it.
    int ofContext = Math.min(segments.size(), segmentsOfUri(contextPath).size());
    return "/" + String.join("/", segments.subList(ofContext, segments.size()));
  }

  private static List<String> segmentsOfUri(String uri) {
    List<String> segments = new ArrayList<>();
    raw(uri).forEach(segment -> add(segment, segments));
    return segments;
  }

  /**
   * Whether a path is below another one.
   *
   * @param decoded as {@link #normalised} takes it
   * @param other in the one form
   */
  public static boolean isBelow(String decoded, String other) {
    String path = normalised(decoded);
    return path.length() > other.length()
        && path.startsWith(other.endsWith("/") ? other : other + "/");
  }

  /**
   * Whether frameworks may read another path than the container did: those that look at the URI
   * itself take {@code ..} in it for a name, as in {@code /search/%2e%2e/x} or {@code
   * /search/..;/x}, or keep a slash that is written {@code %2F}.
   *
   * @param uri the path of the request's URI
   * @param contextPath the path of the application
   * @param decoded the path inside the application, as the container decoded it
   */
  public static boolean isAmbiguous(String uri, String contextPath, String decoded) {
    return raw(uri).stream().anyMatch(segment -> segment.equals("..") || segment.equals("."))
        || (ENCODED_SLASH.matcher(uri).find()
            && !ofUri(uri, contextPath).equals(normalised(decoded)));
  }

  private static List<String> raw(String uri) {
    return Arrays.stream(uri.split("/"))
        .map(segment -> decoded(withoutParameters(segment)))
        .toList();
  }

  private static String withoutParameters(String segment) {
    int semicolon = segment.indexOf(';');
    return semicolon < 0 ? segment : segment.substring(0, semicolon);
  }

  /** What is written, decoded once, but for slashes; as it is where it cannot be decoded. */
  static String decoded(String name) {
    try {
      return URLDecoder.decode(
          ENCODED_SLASH.matcher(name).replaceAll("%25$1").replace("+", "%2B"),
          StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }
}
