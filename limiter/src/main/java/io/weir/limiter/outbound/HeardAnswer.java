package io.weir.limiter.outbound;

import io.weir.limiter.http.RateLimitAnswer;
import io.weir.limiter.http.ToldLimit;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The answer to one attempt at a request, which the limiter of its endpoint follows if it is of the
 * host that was asked. Where the client underneath follows redirects, only the response tells that,
 * when the body is read; so the answer is followed then, and else at once. Thread-safe.
 */
final class HeardAnswer {
  private final EndpointRateLimiter endpoints;
  private final boolean redirects;
  private final String endpoint;
  private final String host;
  private volatile Optional<RateLimitAnswer> unfollowed = Optional.empty();

  /**
   * An answer that is still to come.
   *
   * @param redirects whether it may be of another host
   */
  HeardAnswer(HttpRequest request, EndpointRateLimiter endpoints, boolean redirects) {
    this.endpoints = endpoints;
    this.redirects = redirects;
    this.host = host(request.uri());
    String path = Optional.ofNullable(request.uri().getRawPath()).orElse("");
    this.endpoint =
        request.method()
            + " "
            + (host.isEmpty() ? "" : "//" + host)
            + (path.startsWith("/") ? path : "/" + path);
  }

  /** With its port, as limiters tell hosts apart. */
  private static String host(URI uri) {
    String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
    // What stands before an @ is for the server, not a part of its name.
    return authority.substring(authority.indexOf('@') + 1);
  }

  /** What was asked. */
  String endpoint() {
    return endpoint;
  }

  /** Its header fields came; how long a further request would have to wait for its turn. */
  Duration hear(RateLimitAnswer answer) {
    if (redirects) {
      unfollowed = Optional.of(answer);
    } else {
      follow(answer);
    }
    try {
      Duration turn = endpoints.waitFor(endpoint, 1);
      Duration told = Duration.ofMillis(redirects ? usedUpMillis(answer) : 0);
      return told.compareTo(turn) > 0 ? told : turn;
    } catch (IllegalStateException e) {
      // Closed meanwhile: the answer is still the caller's.
      return Times.FOREVER;
    }
  }

  /** What is not followed yet would make a further request wait. */
  private static long usedUpMillis(RateLimitAnswer answer) {
    return answer.limits().stream()
        .filter(ToldLimit::isUsedUp)
        .mapToLong(told -> told.resetMillis().orElse(0))
        .max()
        .orElse(0);
  }

  /** All of it came. */
  void end(HttpResponse<?> response) {
    Optional<RateLimitAnswer> answer = unfollowed;
    // Mocks have no URI; whoever has none was not redirected.
    String from = Optional.ofNullable(response.uri()).map(HeardAnswer::host).orElse(host);
    if (answer.isPresent() && from.equalsIgnoreCase(host)) {
      follow(answer.get());
    }
  }

  /** What is sent, which has ended when the answer is followed. */
  <T> CompletableFuture<HttpResponse<T>> ending(CompletableFuture<HttpResponse<T>> sent) {
    CompletableFuture<HttpResponse<T>> ended =
        sent.whenComplete(
            (response, failure) -> {
              if (failure == null) {
                end(Objects.requireNonNull(response, AsyncExchange.NO_RESPONSE));
              }
            });
    var unused =
        ended.whenComplete(
            (response, failure) -> {
              if (ended.isCancelled()) {
                sent.cancel(true);
              }
            });
    return ended;
  }

  private void follow(RateLimitAnswer answer) {
    try {
      endpoints.onAnswer(endpoint, answer);
    } catch (IllegalStateException e) {
      // Closed meanwhile: nothing is to be limited any more.
    }
  }
}
