package io.weir.limiter.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The one form that a path has for limits, so that spelling it otherwise gives no other budget:
 * {@code //login/}, {@code /login;jsessionid=1} and {@code /a/../login} are {@code /login}.
 */
public final class RequestPaths {
  private RequestPaths() {}

  /**
   * The one form of a path.
   *
   * @param decoded the path as the container decoded it. What is still encoded stays so: decoding
   *     once more would make two paths of the application's one
   * @return a path that begins with a slash and, but for the root, does not end with one
   */
  public static String normalised(String decoded) {
    return "/" + String.join("/", segments(decoded));
  }

  /** The segments of the one form of a path; none of the root. */
  static List<String> segments(String decoded) {
    List<String> segments = new ArrayList<>();
    int from = 0;
    while (from <= decoded.length()) {
      int slash = decoded.indexOf('/', from);
      int end = slash < 0 ? decoded.length() : slash;
      add(withoutParameters(decoded.substring(from, end)), segments);
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

  private static String withoutParameters(String segment) {
    int semicolon = segment.indexOf(';');
    return semicolon < 0 ? segment : segment.substring(0, semicolon);
  }
}
