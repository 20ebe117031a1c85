package io.weir.limiter.http;

import io.weir.limiter.words.Quoted;
import io.weir.limiter.words.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The methods of HTTP. Those of IANA's registry are told apart, and all others are {@link #OTHER},
 * of requests as of routes, so that nobody makes up budgets by making up methods, and a misspelt
 * one is no route that never matches. Stateless and thread-safe.
 *
 * @see <a href="https://www.iana.org/assignments/http-methods">the registry</a>
 */
public final class HttpMethods {
  /** All methods that are not registered. */
  public static final String OTHER = "OTHER";

  /** Without PRI, which no request has. The usual ones are first: they are what is meant. */
  private static final List<String> REGISTERED =
      List.of(
          "GET",
          "HEAD",
          "POST",
          "PUT",
          "DELETE",
          "CONNECT",
          "OPTIONS",
          "TRACE",
          "PATCH",
          "QUERY",
          "ACL",
          "BASELINE-CONTROL",
          "BIND",
          "CHECKIN",
          "CHECKOUT",
          "COPY",
          "LABEL",
          "LINK",
          "LOCK",
          "MERGE",
          "MKACTIVITY",
          "MKCALENDAR",
          "MKCOL",
          "MKREDIRECTREF",
          "MKWORKSPACE",
          "MOVE",
          "ORDERPATCH",
          "PROPFIND",
          "PROPPATCH",
          "REBIND",
          "REPORT",
          "SEARCH",
          "UNBIND",
          "UNCHECKOUT",
          "UNLINK",
          "UNLOCK",
          "UPDATE",
          "UPDATEREDIRECTREF",
          "VERSION-CONTROL");

  private static final Set<String> KNOWN = Set.copyOf(REGISTERED);

  private HttpMethods() {}

  /** A method in upper case; {@link #OTHER} if it is not registered. */
  public static String of(String method) {
    String upper = method.toUpperCase(Locale.ROOT);
    return KNOWN.contains(upper) ? upper : OTHER;
  }

  /** Whether a route can be of it: a registered one in capitals, or {@link #OTHER}. */
  static boolean isOfRoutes(String method) {
    return KNOWN.contains(method) || method.equals(OTHER);
  }

  /** What is said of a method that no route can be of. */
  static String wrong(String method) {
    return "has the method '"
        + Quoted.text(method)
        + "'; it must be one that is registered, such as GET, OTHER for all that are not, or none"
        + Suggestion.didYouMean(method, REGISTERED);
  }
}
