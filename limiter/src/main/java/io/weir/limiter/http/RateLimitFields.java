package io.weir.limiter.http;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.rule.LimitMode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a decision tells an HTTP client: the fields {@code RateLimit-Policy} and {@code RateLimit}
 * of draft-ietf-httpapi-ratelimit-headers-11, which are lists of RFC 9651, and {@code Retry-After}
 * of RFC 9110. Immutable.
 *
 * <p>Each limit that applied is a policy, named by its rule, the binding one first:
 *
 * <pre>{@code
 * RateLimit-Policy: "user";q=100;w=60, "login";q=5;w=1
 * RateLimit: "user";r=42;t=35, "login";r=4;t=1
 * }</pre>
 *
 * <ul>
 *   <li>{@code q} is what each period grants, {@code w} the period in seconds, where it is whole
 *       seconds. A bucket that holds more or less at once says so: {@code weir-burst}.
 *   <li>{@code r} is what is left, {@code t} how many seconds that is meant to last: until the
 *       limit is full again, rounded up, and left out where it is full. Of a denied request it is
 *       never behind the time to try again, as the draft wants it.
 * </ul>
 *
 * Shadow limits are not told: they are for whoever writes the rules. Characters of a rule's name
 * that no field can hold, and percent signs, are percent-encoded as UTF-8. A field has 2,048
 * characters at most: policies that do not fit are left out, in both fields.
 *
 * @param policy the value of {@code RateLimit-Policy}; empty where no limit is to be told
 * @param rateLimit the value of {@code RateLimit}; empty where no limit is to be told
 * @param retryAfterSeconds of a denied request the seconds after which to try again, rounded up;
 *     empty where waiting does not help
 */
public record RateLimitFields(
    Optional<String> policy, Optional<String> rateLimit, OptionalLong retryAfterSeconds) {
  /** Name of the field that says which limits there are. */
  public static final String RATE_LIMIT_POLICY = "RateLimit-Policy";

  /** Name of the field that says what is left of them. */
  public static final String RATE_LIMIT = "RateLimit";

  /** Name of the field that says when to try again. */
  public static final String RETRY_AFTER = "Retry-After";

  private static final int MAX_FIELD_CHARS = 2_048;

  /** The largest Integer of RFC 9651. */
  private static final long LARGEST = 999_999_999_999_999L;

  private static final long SECOND_MILLIS = 1_000;
  private static final String HEX = "0123456789ABCDEF";

  /** What a decision tells. */
  public static RateLimitFields of(Decision decision) {
    OptionalLong retryAfter = retryAfter(decision);
    StringBuilder policies = new StringBuilder();
    StringBuilder limits = new StringBuilder();
    for (LimitStatus status : decision.statuses()) {
      if (status.mode() != LimitMode.SHADOW) {
        add(status, decision.nowMillis(), retryAfter, policies, limits);
      }
    }
    return new RateLimitFields(unlessEmpty(policies), unlessEmpty(limits), retryAfter);
  }

  /**
   * The fields by their names, for an answer.
   *
   * @param denies whether the answer refuses what was asked for: else it has no {@code Retry-After}
   */
  public Map<String, String> fields(boolean denies) {
    Map<String, String> fields = new LinkedHashMap<>();
    policy.ifPresent(value -> fields.put(RATE_LIMIT_POLICY, value));
    rateLimit.ifPresent(value -> fields.put(RATE_LIMIT, value));
    if (denies && retryAfterSeconds.isPresent()) {
      fields.put(RETRY_AFTER, Long.toString(retryAfterSeconds.getAsLong()));
    }
    return fields;
  }

  private static OptionalLong retryAfter(Decision decision) {
    return decision.isAllowed() || decision.retryAfterMillis().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(secondsUp(decision.retryAfterMillis().getAsLong()));
  }

  private static void add(
      LimitStatus status,
      long nowMillis,
      OptionalLong retryAfter,
      StringBuilder policies,
      StringBuilder limits) {
    String name = string(status.rule());
    String policy = policy(name, status);
    String limit = limit(name, status, nowMillis, retryAfter);
    String separator = policies.isEmpty() ? "" : ", ";
    if (fits(policies, separator, policy) && fits(limits, separator, limit)) {
      policies.append(separator).append(policy);
      limits.append(separator).append(limit);
    }
  }

  private static boolean fits(StringBuilder field, String separator, String item) {
    return field.length() + separator.length() + item.length() <= MAX_FIELD_CHARS;
  }

  private static String policy(String name, LimitStatus status) {
    StringBuilder item =
        new StringBuilder(name).append(";q=").append(integer(status.limit().requests()));
    long periodMillis = status.limit().periodMillis();
    if (periodMillis % SECOND_MILLIS == 0) {
      item.append(";w=").append(integer(periodMillis / SECOND_MILLIS));
    }
    if (status.limit().burst() != status.limit().requests()) {
      item.append(";weir-burst=").append(integer(status.limit().burst()));
    }
    return item.toString();
  }

  private static String limit(
      String name, LimitStatus status, long nowMillis, OptionalLong retryAfter) {
    String item = name + ";r=" + integer(status.remaining());
    long lastsMillis = status.resetAtMillis() - nowMillis;
    return lastsMillis <= 0
        ? item
        : item + ";t=" + integer(Math.min(secondsUp(lastsMillis), retryAfter.orElse(LARGEST)));
  }

  private static long secondsUp(long millis) {
    return millis <= 0 ? 0 : (millis - 1) / SECOND_MILLIS + 1;
  }

  private static long integer(long number) {
    return Math.min(number, LARGEST);
  }

  /** A String of RFC 9651, section 3.3.3. */
  private static String string(String text) {
    StringBuilder string = new StringBuilder(text.length() + 2).append('"');
    for (byte code : text.getBytes(StandardCharsets.UTF_8)) {
      if (code == '"' || code == '\\') {
        string.append('\\').append((char) code);
      } else if (code >= ' ' && code <= '~' && code != '%') {
        string.append((char) code);
      } else {
        string.append('%').append(HEX.charAt(code >> 4 & 0xF)).append(HEX.charAt(code & 0xF));
      }
    }
    return string.append('"').toString();
  }

  private static Optional<String> unlessEmpty(StringBuilder field) {
    return field.isEmpty() ? Optional.empty() : Optional.of(field.toString());
  }
}
