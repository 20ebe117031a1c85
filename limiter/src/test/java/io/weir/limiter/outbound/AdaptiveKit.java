package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A limiter that follows a server, and the server's answers. */
abstract class AdaptiveKit extends OutboundKit {
  static final Duration SECOND = Duration.ofSeconds(1);
  static final Limit INITIAL = Limit.tokenBucket(10, SECOND);

  final AdaptiveRateLimiter limiter = builder().build();

  final AdaptiveRateLimiter.Builder builder() {
    return prepared(AdaptiveRateLimiter.builder(INITIAL)).name("api");
  }

  /** The limiter, of which nothing is left now. */
  final AdaptiveRateLimiter fullyUsed() {
    limiter.acquire(10);
    return limiter;
  }

  static void answer(AdaptiveRateLimiter limiter, int status, String headers) {
    answer(limiter, status, headers(headers));
  }

  static void answer(AdaptiveRateLimiter limiter, int status, Map<String, String> headers) {
    List<String> names = new ArrayList<>(headers.keySet());
    limiter.onAnswer(
        status,
        name -> names.stream().filter(it -> it.equalsIgnoreCase(name)).map(headers::get).toList());
  }

  /** Header fields from a text with " # " between them. */
  static Map<String, String> headers(String text) {
    Map<String, String> headers = new HashMap<>();
    for (String line : text.split(" # ", -1)) {
      String[] both = line.split(": ", 2);
      headers.put(both[0], both[1]);
    }
    return headers;
  }

  static Limit bucket(long requests, long periodMillis, long burst) {
    return new Limit(INITIAL.algorithm(), requests, periodMillis, burst);
  }
}
