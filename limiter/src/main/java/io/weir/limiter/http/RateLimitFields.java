package io.weir.limiter.http;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.rule.LimitMode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a decision tells an HTTP client: the fields {@code RateLimit-Policy} and {@code RateLimit}
 * of draft-ietf-httpapi-ratelimit-headers-11, which are lists of RFC 9651, those that many servers
 * have instead, {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset}, and {@code
 * Retry-After} of RFC 9110. {@link RateLimitAnswer} reads them. Immutable.
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
 * @param binding the binding limit for {@code X-RateLimit-*}, which have room for one; empty where
 *     no limit is to be told
 * @param retryAfterSeconds of a denied request the seconds after which to try again, rounded up;
 *     empty where waiting does not help
 */
public record RateLimitFields(
    Optional<String> policy,
    Optional<String> rateLimit,
    Optional<Binding> binding,
    OptionalLong retryAfterSeconds) {
  /** Name of the field that says which limits there are. */
  public static final String RATE_LIMIT_POLICY = "RateLimit-Policy";

  /** Name of the field that says what is left of them. */
  public static final String RATE_LIMIT = "RateLimit";

  /** Name of the field that says how much there is of the binding limit. */
  public static final String X_RATE_LIMIT_LIMIT = "X-RateLimit-Limit";

  /** Name of the field that says what is left of the binding limit. */
  public static final String X_RATE_LIMIT_REMAINING = "X-RateLimit-Remaining";

  /** Name of the field that says when the binding limit is full again. */
  public static final String X_RATE_LIMIT_RESET = "X-RateLimit-Reset";

  /** Name of the field that says when to try again. */
  public static final String RETRY_AFTER = "Retry-After";

  private static final int MAX_FIELD_CHARS = 2_048;

  /** The largest Integer of RFC 9651. */
  private static final long LARGEST = 999_999_999_999_999L;

  private static final long SECOND_MILLIS = 1_000;
  private static final String HEX = "0123456789ABCDEF";

  /** Which sets of fields an answer has; {@code Retry-After} is in none of them. */
  public enum Style {
    /** {@code RateLimit-Policy} and {@code RateLimit}. */
    IETF,

    /** {@code X-RateLimit-Limit}, {@code X-RateLimit-Remaining} and {@code X-RateLimit-Reset}. */
    X_RATE_LIMIT,

    /** Those of {@link #IETF} and those of {@link #X_RATE_LIMIT}. */
    BOTH,

    /** Neither. */
    NONE
  }

  /** How {@code X-RateLimit-Reset} says when. */
  public enum ResetForm {
    /** As seconds from now on. */
    SECONDS_LEFT,

    /** As a time in seconds since the epoch. */
    EPOCH_SECONDS
  }

  /**
   * The binding limit in the three numbers that {@code X-RateLimit-*} have for one limit.
   *
   * @param limit the most that is ever left: of a bucket what it holds, of a window what it grants
   * @param remaining what is left
   * @param resetSeconds the seconds after which the limit is full again, rounded up, 0 where it is;
   *     of a denied request never behind the time to try again
   * @param resetAtSeconds that as a time in seconds since the epoch, rounded up
   */
  public record Binding(long limit, long remaining, long resetSeconds, long resetAtSeconds) {

    /** Whether it leaves fewer requests than the other, or as few for a longer time. */
    public boolean isStricterThan(Binding other) {
      return remaining < other.remaining
          || (remaining == other.remaining && resetAtSeconds > other.resetAtSeconds);
    }
  }

  /** What a decision tells. */
  public static RateLimitFields of(Decision decision) {
    OptionalLong retryAfter = retryAfter(decision);
    List<LimitStatus> told =
        decision.statuses().stream().filter(it -> it.mode() != LimitMode.SHADOW).toList();
    StringBuilder policies = new StringBuilder();
    StringBuilder limits = new StringBuilder();
    for (LimitStatus status : told) {
      add(status, decision.nowMillis(), retryAfter, policies, limits);
    }
    return new RateLimitFields(
        unlessEmpty(policies),
        unlessEmpty(limits),
        told.stream().findFirst().map(status -> binding(status, decision)),
        retryAfter);
  }

  /** Whether a field is a list, to which several limiters of one request add their items. */
  public static boolean isList(String field) {
    return field.equals(RATE_LIMIT_POLICY) || field.equals(RATE_LIMIT);
  }

  /**
   * The fields of a decision by their names, the reset as seconds left.
   *
   * @param style which sets of fields
   * @param denies whether the answer refuses what was asked for: else it has no {@code Retry-After}
   */
  public static Map<String, String> fields(Decision decision, Style style, boolean denies) {
    return of(decision).fields(style, ResetForm.SECONDS_LEFT, denies);
  }

  /**
   * The fields of {@link Style#IETF} by their names, for an answer.
   *
   * @param denies whether the answer refuses what was asked for: else it has no {@code Retry-After}
   */
  public Map<String, String> fields(boolean denies) {
    return fields(Style.IETF, ResetForm.SECONDS_LEFT, denies);
  }

  /**
   * The fields by their names, for an answer.
   *
   * @param style which sets of fields
   * @param resetForm how {@code X-RateLimit-Reset} says when
   * @param denies whether the answer refuses what was asked for: else it has no {@code Retry-After}
   */
  public Map<String, String> fields(Style style, ResetForm resetForm, boolean denies) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (style == Style.IETF || style == Style.BOTH) {
      policy.ifPresent(value -> fields.put(RATE_LIMIT_POLICY, value));
      rateLimit.ifPresent(value -> fields.put(RATE_LIMIT, value));
    }
    if (binding.isPresent() && (style == Style.X_RATE_LIMIT || style == Style.BOTH)) {
      Binding numbers = binding.get();
      fields.put(X_RATE_LIMIT_LIMIT, Long.toString(numbers.limit()));
      fields.put(X_RATE_LIMIT_REMAINING, Long.toString(numbers.remaining()));
      boolean left = resetForm == ResetForm.SECONDS_LEFT;
      fields.put(
          X_RATE_LIMIT_RESET,
          Long.toString(left ? numbers.resetSeconds() : numbers.resetAtSeconds()));
    }
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
    long lastsSeconds = lastsSeconds(status, nowMillis, retryAfter);
    return lastsSeconds == 0 ? item : item + ";t=" + integer(lastsSeconds);
  }

  private static Binding binding(LimitStatus status, Decision decision) {
    long lastsSeconds = lastsSeconds(status, decision.nowMillis(), retryAfter(decision));
    long untilMillis =
        Math.min(status.resetAtMillis(), decision.nowMillis() + lastsSeconds * SECOND_MILLIS);
    return new Binding(
        integer(status.limit().burst()),
        integer(status.remaining()),
        integer(lastsSeconds),
        integer(secondsUp(untilMillis)));
  }

  /** Until it is full, at most until the request may be tried again. */
  private static long lastsSeconds(LimitStatus status, long nowMillis, OptionalLong retryAfter) {
    long seconds = secondsUp(status.resetAtMillis() - nowMillis);
    return Math.min(seconds, retryAfter.orElse(LARGEST));
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
