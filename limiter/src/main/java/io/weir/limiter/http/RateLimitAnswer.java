package io.weir.limiter.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP answer says of its server's limits: the other direction of {@link RateLimitFields}.
 * Immutable.
 *
 * <p>The first of these sets of fields that tells something is taken:
 *
 * <ol>
 *   <li>{@code RateLimit} and {@code RateLimit-Policy} of draft-ietf-httpapi-ratelimit-headers-11,
 *       lists whose items are Strings, and those of its revision 07, a dictionary of whole numbers.
 *       Policies whose unit ({@code qu}) is not requests are left out.
 *   <li>{@code RateLimit-Limit}, {@code -Remaining} and {@code -Reset} of its revisions up to 06,
 *       with the window where {@code w} says it.
 *   <li>{@code X-RateLimit-Limit}, {@code -Remaining}, {@code -Reset} and {@code -Reset-After},
 *       whose limit has the name that {@code X-RateLimit-Resource} gives, as GitHub's does.
 *   <li>{@code X-Rate-Limit-Limit}, {@code -Remaining} and {@code -Reset}.
 * </ol>
 *
 * A reset below 1,000,000,000 is seconds from now on, below 100 times that a time in seconds since
 * the epoch, and below 100,000 times that in milliseconds; dates of HTTP and of RFC 3339 are read,
 * too. Times count from the answer's own {@code Date}, so the two clocks need not agree. {@code
 * Retry-After} is seconds or any of the three forms of a date in RFC 9110. Roundings are up for
 * times and down for counts.
 *
 * <p>What is absent or absurd is empty: what is no number, negative, too large, or further away
 * than the caller wants to believe, in the future or, of a date, in the past. So a refusal whose
 * {@code Retry-After} is too far away is one that does not say how long to wait.
 *
 * @param status the HTTP status
 * @param limits the limits that are told, at most 16
 * @param retryAfterMillis the milliseconds from now on that {@code Retry-After} asks to wait
 * @param resource what the server counts the request under, as {@code X-RateLimit-Resource} says
 *     it: up to 64 letters, digits, dots, dashes and underscores; empty where it says none
 */
public record RateLimitAnswer(
    int status, List<ToldLimit> limits, OptionalLong retryAfterMillis, Optional<String> resource) {
  /** How far away a reset is believed to be, where the caller does not say: a day. */
  public static final Duration DEFAULT_LONGEST = Duration.ofDays(1);

  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVICE_UNAVAILABLE = 503;

  /** Copies the list. */
  public RateLimitAnswer {
    limits = List.copyOf(limits);
  }

  /** An answer that names no resource. */
  public RateLimitAnswer(int status, List<ToldLimit> limits, OptionalLong retryAfterMillis) {
    this(status, limits, retryAfterMillis, Optional.empty());
  }

  /** Reads an answer as {@link #parse(int, Function, Instant, Duration)} does, up to a day. */
  public static RateLimitAnswer parse(
      int status, Function<String, ? extends @Nullable List<String>> headers, Instant now) {
    return parse(status, headers, now, DEFAULT_LONGEST);
  }

  /**
   * Reads an answer. Whatever the fields hold, it does not throw.
   *
   * @param status the HTTP status
   * @param headers the values of the header field of a name, one for each line, none or null where
   *     it is absent; names are asked for as they stand above, and case must not matter. {@code
   *     HttpHeaders::allValues} is one
   * @param now the time at which it was answered, for answers without a {@code Date}
   * @param longest resets and waits beyond this are not believed
   */
  public static RateLimitAnswer parse(
      int status,
      Function<String, ? extends @Nullable List<String>> headers,
      Instant now,
      Duration longest) {
    AnswerFields fields = new AnswerFields(headers, now, longest);
    return new RateLimitAnswer(
        status, fields.limits(), fields.retryAfterMillis(), fields.resource());
  }

  /**
   * Whether the server refused for a limit of its own: 429; 503; or 403 that says that nothing is
   * left or when to try again, as GitHub's does.
   */
  public boolean isRefusal() {
    return status == TOO_MANY_REQUESTS
        || status == SERVICE_UNAVAILABLE
        || (status == FORBIDDEN
            && (retryAfterMillis.isPresent() || limits.stream().anyMatch(ToldLimit::isUsedUp)));
  }

  /** Whether it was the rate that was refused, and not the service that is down. */
  public boolean isRateRefusal() {
    return isRefusal() && status != SERVICE_UNAVAILABLE;
  }
}
