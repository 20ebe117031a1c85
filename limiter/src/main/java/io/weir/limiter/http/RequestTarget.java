package io.weir.limiter.http;

import io.weir.limiter.words.Quoted;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The parts of a request to somebody else, or of a pattern of such, as in {@code GET
 * api.example.com:8443/repos}: method and host may be left out, the path may not. A host without a
 * dot and a port could as well be a path whose slash was forgotten, so it is written {@code GET
 * //orders/open}; {@code localhost} need not be. Immutable.
 *
 * @param method as it is written; empty where it is not said
 * @param host in lower case, with its port if one is said; empty where it is not said
 * @param path with the slash that it begins with, as it is written
 */
public record RequestTarget(Optional<String> method, Optional<String> host, String path) {
  private static final Pattern HOST = Pattern.compile("[^\\s/{}*?#]+");
  private static final String FORM =
      "it must be like GET /repos/weir, or with a host GET api.example.com:8443/repos/weir";

  /**
   * Reads one.
   *
   * @param what what it is, for messages: {@code the endpoint}
   * @throws IllegalArgumentException if it is none; the message shows the form
   */
  public static RequestTarget parse(String what, String text) {
    String stripped = text.strip();
    int space = stripped.indexOf(' ');
    String method = space < 0 ? "" : stripped.substring(0, space);
    String rest = stripped.substring(space + 1).strip();
    boolean marked = rest.startsWith("//");
    String target = marked ? rest.substring(2) : rest;
    int slash = target.indexOf('/');
    if (slash < 0) {
      throw wrong(what, text, "has no path; " + FORM);
    }
    String host = target.substring(0, slash).toLowerCase(Locale.ROOT);
    String path = target.substring(slash);
    if (host.endsWith(":") && path.startsWith("//")) {
      throw wrong(what, text, "has the scheme of a URL; " + FORM);
    }
    if (!host.isEmpty() && !HOST.matcher(host).matches()) {
      throw wrong(what, text, "has the host '" + Quoted.text(host) + "'; " + FORM);
    }
    if (!marked && !host.isEmpty() && needsMark(host)) {
      String of = method.isEmpty() ? "" : method + " ";
      throw wrong(
          what,
          text,
          ("begins with '" + host + "'; write ")
              + (of + "/" + target + " if that is of the path, ")
              + (of + "//" + target + " if it is a host"));
    }
    return new RequestTarget(
        method.isEmpty() ? Optional.empty() : Optional.of(method),
        host.isEmpty() ? Optional.empty() : Optional.of(host),
        path);
  }

  /** How a host is written, so that nobody takes it for a path. */
  public static String written(String host) {
    return needsMark(host) ? "//" + host : host;
  }

  private static boolean needsMark(String host) {
    return host.indexOf('.') < 0 && host.indexOf(':') < 0 && !host.equals("localhost");
  }

  private static IllegalArgumentException wrong(String what, String text, String why) {
    return new IllegalArgumentException(what + " '" + Quoted.text(text.strip()) + "' " + why);
  }
}
