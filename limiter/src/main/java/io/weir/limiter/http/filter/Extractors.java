package io.weir.limiter.http.filter;

import io.weir.limiter.http.AttributeText;
import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.HttpMethods;
import io.weir.limiter.http.RequestPaths;
import io.weir.limiter.http.RoutePattern;
import io.weir.limiter.http.Routes;
import io.weir.limiter.words.Quoted;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The usual attributes of HTTP requests. */
public final class Extractors {
  private static final String AUTHORIZATION = "Authorization";

  /** A scheme, and what is of it: RFC 9110, section 11.4. */
  private static final Pattern CREDENTIALS = Pattern.compile("(\\S+)\\s+(.*)", Pattern.DOTALL);

  /** A token: RFC 9110, sections 5.1 and 5.6.2. */
  private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private Extractors() {}

  /** The client's address. */
  public static Extractor address(ClientAddresses addresses) {
    return request -> Optional.of(addresses.clientOf(request.remoteAddress(), request::headers));
  }

  /** The name of the authenticated user: there is one only behind what authenticates. */
  public static Extractor user() {
    return IncomingRequest::user;
  }

  /**
   * What a header says, the first one if there are several, as it is. For what is secret take
   * {@link #hashedHeader}.
   *
   * @throws IllegalArgumentException if no header can have the name
   */
  public static Extractor header(String name) {
    requireName(name);
    return request -> request.header(name);
  }

  /**
   * The hash of what a header says: a key of an API is neither kept nor shown. A request that has
   * the header several times is bad: who authenticates may read another one than is charged. Of
   * {@code Authorization} {@code bearer K} is the same as {@code Bearer K}. Elsewhere what is spelt
   * otherwise is another key, so have the application take each key in one spelling.
   *
   * @throws IllegalArgumentException if no header can have the name
   */
  public static Extractor hashedHeader(String name) {
    return hashedHeader(name, AttributeText::hash);
  }

  /**
   * As above, by HMAC: without the secret nobody can try keys against what is kept.
   *
   * @throws IllegalArgumentException if no header can have the name, or the secret is empty
   */
  public static Extractor hashedHeader(String name, byte[] secret) {
    if (secret.length == 0) {
      throw new IllegalArgumentException("the secret of the header " + name + " is empty");
    }
    byte[] copy = secret.clone();
    return hashedHeader(name, key -> AttributeText.hash(key, copy));
  }

  private static void requireName(String header) {
    if (header.isBlank()) {
      throw new IllegalArgumentException("the header's name is empty; no request would have it");
    }
    if (!FIELD_NAME.matcher(header).matches()) {
      throw new IllegalArgumentException(
          "the header's name is '"
              + Quoted.text(header)
              + "', which no request can have; it must be of letters, digits and"
              + " !#$%&'*+-.^_`|~, such as X-API-Key");
    }
  }

  private static Extractor hashedHeader(String name, UnaryOperator<String> hash) {
    requireName(name);
    boolean isOfCredentials = name.equalsIgnoreCase(AUTHORIZATION);
    return request -> {
      List<String> keys = request.headers(name);
      if (keys.size() > 1) {
        throw new RepeatedFieldException(name);
      }
      return keys.stream()
          .findFirst()
          .map(key -> isOfCredentials ? credentials(key) : key)
          .filter(key -> !key.isEmpty())
          .map(hash);
    };
  }

  /** Credentials with the scheme in lower case, which is in any, and one space behind it. */
  private static String credentials(String field) {
    Matcher written = CREDENTIALS.matcher(field.strip());
    return written.matches()
        ? written.group(1).toLowerCase(Locale.ROOT) + " " + written.group(2)
        : field.strip();
  }

  /** The method, in upper case; one that is not registered is {@code OTHER}. */
  public static Extractor method() {
    return request -> Optional.of(method(request));
  }

  /** The path inside the application, in the one form that it has. */
  public static Extractor path() {
    return request -> Optional.of(RequestPaths.normalised(request.path()));
  }

  /** The route; none where no pattern matches. */
  public static Extractor route(Supplier<Routes> routes) {
    return request ->
        routes.get().find(method(request), request.path()).map(RoutePattern::toString);
  }

  private static String method(IncomingRequest request) {
    return HttpMethods.of(request.method());
  }
}
