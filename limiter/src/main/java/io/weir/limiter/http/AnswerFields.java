package io.weir.limiter.http;

import io.weir.limiter.http.StructuredFields.Item;
import io.weir.limiter.http.StructuredFields.Text;
import io.weir.limiter.http.StructuredFields.Whole;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the header fields of one answer, for {@link RateLimitAnswer}, which says how. */
final class AnswerFields {
  private static final int MAX_LIMITS = 16;

  /** Who grants more has no limit to speak of. */
  private static final long MAX_COUNT = 1_000_000_000_000L;

  /** A year of 366 days, in seconds. */
  private static final long MAX_WINDOW_SECONDS = Duration.ofDays(366).toSeconds();

  private static final Set<String> REVISION_07 = Set.of("limit", "remaining", "reset");
  private static final OptionalLong NONE = OptionalLong.empty();
  private static final BigDecimal FIRST_EPOCH_SECOND = BigDecimal.valueOf(1_000_000_000L);
  private static final BigDecimal FIRST_EPOCH_MILLI = BigDecimal.valueOf(100_000_000_000L);
  private static final BigDecimal TOO_LATE_EPOCH_MILLI = BigDecimal.valueOf(100_000_000_000_000L);

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}(?:\\.\\d{1,9})?");
  private static final Pattern RESOURCE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern END_OF_VALUE = Pattern.compile("[,;]");
  private static final int SECOND_DIGITS = 3;

  private final Function<String, ? extends @Nullable List<String>> headers;
  private final Instant now;
  private final long longestMillis;

  AnswerFields(
      Function<String, ? extends @Nullable List<String>> headers, Instant now, Duration longest) {
    this.headers = headers;
    // As long as can be, where it is longer.
    this.longestMillis = TimeUnit.MILLISECONDS.convert(longest);
    this.now = first("Date").flatMap(text -> HttpDates.parse(text, now)).orElse(now);
  }

  List<ToldLimit> limits() {
    List<ToldLimit> limits = structured();
    if (limits.isEmpty()) {
      limits = classic("", "RateLimit-");
    }
    if (limits.isEmpty()) {
      limits = classic(resource().orElse(""), "X-RateLimit-");
    }
    return limits.isEmpty() ? classic("", "X-Rate-Limit-") : limits;
  }

  /** What cannot be a name is none: it becomes a part of names of limiters and of metrics. */
  Optional<String> resource() {
    return first("X-RateLimit-Resource").filter(text -> RESOURCE.matcher(text).matches());
  }

  OptionalLong retryAfterMillis() {
    Optional<String> text = first("Retry-After");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    Optional<BigDecimal> seconds = number(text.get());
    if (seconds.isPresent()) {
      return believed(millisUp(seconds.get()));
    }
    return HttpDates.parse(text.get(), now).map(this::millisLeft).orElse(NONE);
  }

  private List<ToldLimit> structured() {
    List<Item> policies = StructuredFields.list(all("RateLimit-Policy"));
    String field = all("RateLimit");
    List<Item> old = StructuredFields.dictionary(field);
    if (old.stream().anyMatch(AnswerFields::isOfRevision07)) {
      return revision07(old, policies);
    }
    Set<String> names = new LinkedHashSet<>();
    Map<String, Item> policyOf = new LinkedHashMap<>();
    Map<String, Item> limitOf = new LinkedHashMap<>();
    // Limits first: what is left is worth more than what there would be.
    named(StructuredFields.list(field), names, limitOf);
    named(policies, names, policyOf);
    List<ToldLimit> limits = new ArrayList<>();
    for (String name : names) {
      told(name, Optional.ofNullable(policyOf.get(name)), Optional.ofNullable(limitOf.get(name)))
          .ifPresent(limits::add);
    }
    return limits.subList(0, Math.min(limits.size(), MAX_LIMITS));
  }

  /** A list of Tokens is a dictionary as well, whose members are all true. */
  private static boolean isOfRevision07(Item member) {
    return REVISION_07.contains(member.key()) && member.bare() instanceof Whole;
  }

  /** Only a String names a policy. */
  private static void named(List<Item> items, Set<String> names, Map<String, Item> itemOf) {
    for (Item item : items) {
      if (item.bare() instanceof Text name) {
        names.add(name.value());
        itemOf.putIfAbsent(name.value(), item);
      }
    }
  }

  private Optional<ToldLimit> told(String name, Optional<Item> policy, Optional<Item> limit) {
    boolean countsOthers =
        policy.flatMap(it -> it.text("qu")).filter(unit -> !unit.equals("requests")).isPresent();
    ToldLimit told =
        new ToldLimit(
            name,
            quota(whole(policy, "q")),
            window(whole(policy, "w")),
            quota(whole(policy, "weir-burst")),
            count(whole(limit, "r")),
            secondsLeft(whole(limit, "t")));
    return countsOthers || told.tellsNothing() ? Optional.empty() : Optional.of(told);
  }

  private List<ToldLimit> revision07(List<Item> members, List<Item> policies) {
    Map<String, OptionalLong> values = new LinkedHashMap<>();
    for (Item member : members) {
      values.put(
          member.key(),
          member.bare() instanceof Whole whole ? OptionalLong.of(whole.value()) : NONE);
    }
    OptionalLong quota = quota(values.getOrDefault("limit", NONE));
    return unlessNothing(
        new ToldLimit(
            "",
            quota,
            windowOf(quota, policies),
            NONE,
            count(values.getOrDefault("remaining", NONE)),
            secondsLeft(values.getOrDefault("reset", NONE))));
  }

  private List<ToldLimit> classic(String name, String prefix) {
    String limitField = all(prefix + "Limit");
    OptionalLong quota = quota(wholeDown(firstValue(limitField)));
    List<Item> policies = new ArrayList<>(StructuredFields.list(limitField));
    policies.addAll(StructuredFields.list(all("RateLimit-Policy")));
    OptionalLong resetMillis =
        first(prefix + "Reset-After")
            .flatMap(AnswerFields::number)
            .map(seconds -> believed(millisUp(seconds)))
            .orElseGet(() -> first(prefix + "Reset").map(this::resetMillis).orElse(NONE));
    return unlessNothing(
        new ToldLimit(
            name,
            quota,
            windowOf(quota, policies),
            NONE,
            count(wholeDown(firstValue(all(prefix + "Remaining")))),
            resetMillis));
  }

  private static List<ToldLimit> unlessNothing(ToldLimit told) {
    return told.tellsNothing() ? List.of() : List.of(told);
  }

  /** The window of the policy that has just this quota. */
  private static OptionalLong windowOf(OptionalLong quota, List<Item> policies) {
    return policies.stream()
        .filter(
            policy ->
                policy.bare() instanceof Whole whole
                    && quota.isPresent()
                    && whole.value() == quota.getAsLong())
        .map(policy -> window(policy.whole("w")))
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElse(NONE);
  }

  private OptionalLong resetMillis(String text) {
    Optional<BigDecimal> number = number(text);
    if (number.isEmpty()) {
      return date(text).map(this::millisLeft).orElse(NONE);
    }
    if (number.get().compareTo(FIRST_EPOCH_SECOND) < 0) {
      return believed(millisUp(number.get()));
    }
    if (number.get().compareTo(FIRST_EPOCH_MILLI) < 0) {
      return millisLeft(Instant.ofEpochMilli(millisUp(number.get())));
    }
    return number.get().compareTo(TOO_LATE_EPOCH_MILLI) < 0
        ? millisLeft(Instant.ofEpochMilli(up(number.get())))
        : NONE;
  }

  private Optional<Instant> date(String text) {
    return HttpDates.parse(text, now)
        .or(
            () -> {
              try {
                return Optional.of(Instant.parse(text));
              } catch (DateTimeException e) {
                return Optional.empty();
              }
            });
  }

  /** What is over comes now; what was long ago was meant otherwise. */
  private OptionalLong millisLeft(Instant until) {
    long millis = millisUntil(until);
    return millis < 0 && millis >= -longestMillis ? OptionalLong.of(0) : believed(millis);
  }

  /** At most what a long holds, of seconds: years may have nine digits. */
  private long millisUntil(Instant until) {
    long seconds = Duration.between(now, until).toSeconds();
    return Math.abs(seconds) > Long.MAX_VALUE / 1_001
        ? Long.signum(seconds) * Long.MAX_VALUE
        : Duration.between(now, until).toMillis();
  }

  private OptionalLong secondsLeft(OptionalLong seconds) {
    // An Integer of a structured field has 15 digits, so this is in range.
    return seconds.isPresent() ? believed(seconds.getAsLong() * 1_000) : NONE;
  }

  private OptionalLong believed(long millis) {
    return millis >= 0 && millis <= longestMillis ? OptionalLong.of(millis) : NONE;
  }

  private static OptionalLong window(OptionalLong seconds) {
    return seconds.isPresent()
            && seconds.getAsLong() > 0
            && seconds.getAsLong() <= MAX_WINDOW_SECONDS
        ? OptionalLong.of(seconds.getAsLong() * 1_000)
        : NONE;
  }

  private static OptionalLong quota(OptionalLong number) {
    return number.isPresent() && number.getAsLong() == 0 ? NONE : count(number);
  }

  private static OptionalLong count(OptionalLong number) {
    return number.isPresent() && number.getAsLong() >= 0 && number.getAsLong() <= MAX_COUNT
        ? number
        : NONE;
  }

  private static OptionalLong whole(Optional<Item> item, String parameter) {
    return item.map(it -> it.whole(parameter)).orElse(NONE);
  }

  private static OptionalLong wholeDown(String text) {
    return number(text)
        .map(number -> OptionalLong.of(number.setScale(0, RoundingMode.DOWN).longValueExact()))
        .orElse(NONE);
  }

  private static Optional<BigDecimal> number(String text) {
    return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
  }

  /** Seconds in milliseconds, rounded up; {@link Long#MAX_VALUE} where they are more. */
  private static long millisUp(BigDecimal seconds) {
    return up(seconds.movePointRight(SECOND_DIGITS));
  }

  private static long up(BigDecimal number) {
    return number
        .setScale(0, RoundingMode.UP)
        .min(BigDecimal.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  private static String firstValue(String field) {
    return END_OF_VALUE.split(field, 2)[0].strip();
  }

  private Optional<String> first(String name) {
    return values(name).stream().findFirst().map(String::strip);
  }

  /** All lines of a field as one, see RFC 9110, section 5.3. */
  private String all(String name) {
    return String.join(", ", values(name)).strip();
  }

  /** Those of a field that is absent are none, or null as of a map that does not have it. */
  private List<String> values(String name) {
    List<String> values = headers.apply(name);
    return values == null ? List.of() : values;
  }
}
