package io.weir.limiter.http.servlet;

import io.weir.limiter.http.AttributeText;
import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.RequestPaths;
import io.weir.limiter.http.RoutePattern;
import io.weir.limiter.http.Routes;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The usual attributes of HTTP requests. */
public final class Extractors {
  private Extractors() {}

  /** The client's address. */
  public static Extractor address(ClientAddresses addresses) {
    return request ->
        Optional.of(
            addresses.clientOf(
                Optional.ofNullable(request.getRemoteAddr()).orElse(""),
                name -> values(request.getHeaders(name))));
  }

  private static List<String> values(Enumeration<String> values) {
    return values == null ? List.of() : Collections.list(values);
  }

  /**
   * The name of the authenticated user, {@link HttpServletRequest#getUserPrincipal}: there is one
   * only behind what authenticates.
   */
  public static Extractor user() {
    return request -> Optional.ofNullable(request.getUserPrincipal()).map(Principal::getName);
  }

  /**
   * What a header says, the first one if there are several, as it is. For what is secret take
   * {@link #hashedHeader}.
   */
  public static Extractor header(String name) {
    return request -> Optional.ofNullable(request.getHeader(name));
  }

  /**
   * The hash of what a header says: a key of an API is neither kept nor shown. A request that has
   * the header several times is bad: who authenticates may read another one than is charged.
   */
  public static Extractor hashedHeader(String name) {
    return hashedHeader(name, AttributeText::hash);
  }

  /**
   * As above, by HMAC: without the secret nobody can try keys against what is kept.
   *
   * @throws IllegalArgumentException if the secret is empty
   */
  public static Extractor hashedHeader(String name, byte[] secret) {
    if (secret.length == 0) {
      throw new IllegalArgumentException("the secret of the header " + name + " is empty");
    }
    byte[] copy = secret.clone();
    return hashedHeader(name, key -> AttributeText.hash(key, copy));
  }

  private static Extractor hashedHeader(String name, UnaryOperator<String> hash) {
    return request -> {
      List<String> keys = values(request.getHeaders(name));
      if (keys.size() > 1) {
        throw new RepeatedFieldException(name);
      }
      return keys.stream().findFirst().filter(key -> !key.isEmpty()).map(hash);
    };
  }

  /** The method, in upper case; one that no server knows is {@code OTHER}. */
  public static Extractor method() {
    return request -> Optional.of(method(request));
  }

  /** The path inside the application, in the one form that it has. */
  public static Extractor path() {
    return request -> Optional.of(RequestPaths.normalised(path(request)));
  }

  /** The route; none where no pattern matches. */
  public static Extractor route(Supplier<Routes> routes) {
    return request -> routes.get().find(method(request), path(request)).map(RoutePattern::toString);
  }

  private static String method(HttpServletRequest request) {
    return AttributeText.method(request.getMethod());
  }

  /** As the container decoded it, without the context's path and without parameters. */
  static String path(HttpServletRequest request) {
    try {
      String inServlet = request.getPathInfo();
      String servlet = request.getServletPath();
      return inServlet == null ? servlet : servlet + inServlet;
    } catch (IllegalArgumentException e) {
      // Jetty decodes no path that can be read in two ways, where it is told to take one at all.
      return RequestPaths.ofUri(request.getRequestURI(), request.getContextPath());
    }
  }
}
