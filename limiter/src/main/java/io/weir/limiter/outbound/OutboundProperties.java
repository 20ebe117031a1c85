package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.words.Quoted;
import io.weir.limiter.words.Suggestion;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings of one object of this package as properties {@code weir.outbound.<name>.<setting>}. All
 * that are read are known; {@link #finish} complains of the others. Not thread-safe.
 */
final class OutboundProperties {
  private static final String PREFIX = "weir.outbound.";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,11})\\s*([a-z]+)");
  private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");

  /** What has as many digits. */
  private static final long MOST = 999_999_999_999_999_999L;

  private static final Pattern FRACTION = Pattern.compile("[01](?:\\.\\d{1,9})?");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final List<String> OF_ENDPOINTS =
      List.of("pattern", "requests", "period", "burst");
  private static final String DURATION_WANTED = "a duration, like 100ms, 5s, 10m, 2h or 1d";

  private final String prefix;
  private final Map<String, String> given = new TreeMap<>();
  private final Set<String> known = new TreeSet<>();

  /**
   * The properties of a name.
   *
   * @param properties strings by strings, a {@link Properties} or another map; those that do not
   *     begin with the prefix are not looked at
   * @throws IllegalArgumentException if the name is not of letters, digits, dashes and underscores
   */
  OutboundProperties(String name, Map<?, ?> properties) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the name is '" + Quoted.text(name) + "'; it must be of letters, digits, '-' and '_'");
    }
    this.prefix = PREFIX + name + ".";
    if (properties instanceof Properties withDefaults) {
      withDefaults
          .stringPropertyNames()
          .forEach(key -> put(key, withDefaults.getProperty(key, "")));
    } else {
      properties.forEach((key, value) -> put(String.valueOf(key), String.valueOf(value)));
    }
  }

  private void put(String key, String value) {
    if (key.startsWith(prefix)) {
      given.put(key.substring(prefix.length()), value.strip());
    }
  }

  /** Complains of settings that nobody knows. */
  void finish() {
    for (String setting : given.keySet()) {
      requireKnown(setting, setting, known);
    }
  }

  private void requireKnown(String setting, String end, Collection<String> all) {
    if (!all.contains(end)) {
      throw new IllegalArgumentException(
          "there is no setting "
              + prefix
              + setting
              + "; there are "
              + String.join(", ", all)
              + Suggestion.didYouMean(end, all));
    }
  }

  /** The limit that must be given: requests, period and, if it is another number, burst. */
  Limit limit() {
    return limit("").orElseThrow(() -> missing("requests", "period"));
  }

  /** A limit of settings that begin alike, if one of them is given. */
  Optional<Limit> limit(String start) {
    Optional<Long> requests = whole(start + "requests", 1, MOST);
    Optional<Duration> period = duration(start + "period");
    Optional<Long> burst = whole(start + "burst", 1, MOST);
    return limit(start, requests, period, burst);
  }

  private Optional<Limit> limit(
      String start, Optional<Long> requests, Optional<Duration> period, Optional<Long> burst) {
    if (requests.isEmpty() && period.isEmpty() && burst.isEmpty()) {
      return Optional.empty();
    }
    if (requests.isEmpty() || period.isEmpty()) {
      throw missing(start + "requests", start + "period");
    }
    long perPeriod = requests.get();
    try {
      return Optional.of(
          Bucket.requireUsable(
              new Limit(
                  new TokenBucket(), perPeriod, period.get().toMillis(), burst.orElse(perPeriod))));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          prefix + start + "requests, period and burst are no limit: " + e.getMessage(), e);
    }
  }

  /** A rate of settings that begin alike, if one of them is given: a limit without a burst. */
  Optional<Limit> rate(String start) {
    Optional<Long> requests = whole(start + "requests", 1, MOST);
    Optional<Duration> period = duration(start + "period");
    return limit(start, requests, period, Optional.empty());
  }

  /**
   * Wants what was set of several settings to fit together.
   *
   * @throws IllegalArgumentException if it does not
   */
  void together(String settings, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(prefix + settings + ": " + e.getMessage(), e);
    }
  }

  private IllegalArgumentException missing(String first, String second) {
    return new IllegalArgumentException(
        prefix + first + " and " + prefix + second + " must both be set, like 100 and 1m");
  }

  /** Sets a whole number, which must be so large at least. */
  void integer(String setting, int least, IntConsumer to) {
    whole(setting, least, Integer.MAX_VALUE)
        .ifPresent(number -> set(setting, () -> to.accept(number.intValue())));
  }

  /** Sets a duration. */
  void duration(String setting, Consumer<Duration> to) {
    duration(setting).ifPresent(duration -> set(setting, () -> to.accept(duration)));
  }

  /** Sets a fraction. */
  void fraction(String setting, DoubleConsumer to) {
    value(setting)
        .ifPresent(
            text -> {
              if (!FRACTION.matcher(text).matches()) {
                throw wrong(setting, text, "a number from 0.001 to 1, like 0.9");
              }
              set(setting, () -> to.accept(Double.parseDouble(text)));
            });
  }

  /** Sets a truth. */
  void truth(String setting, Consumer<Boolean> to) {
    value(setting)
        .ifPresent(
            text -> {
              if (!text.equals("true") && !text.equals("false")) {
                throw wrong(setting, text, "true or false");
              }
              to.accept(text.equals("true"));
            });
  }

  /** Patterns with their limits: {@code endpoint.<any>.pattern}, {@code .requests} and so on. */
  void endpoints(BiConsumer<String, Limit> to) {
    known.add("endpoint.<any>.pattern");
    Set<String> labels = new TreeSet<>();
    for (String setting : given.keySet()) {
      String[] parts = setting.split("\\.", 3);
      if (parts.length == 3 && parts[0].equals("endpoint")) {
        requireKnown(setting, parts[2], OF_ENDPOINTS);
        labels.add("endpoint." + parts[1] + ".");
      }
    }
    for (String label : labels) {
      Optional<String> pattern = value(label + "pattern");
      Optional<Limit> limit = limit(label);
      if (pattern.isEmpty() || limit.isEmpty()) {
        throw new IllegalArgumentException(
            prefix + label + "pattern, requests and period must all be set");
      }
      set(label + "pattern", () -> to.accept(pattern.get(), limit.get()));
    }
  }

  private Optional<Long> whole(String setting, long least, long most) {
    return value(setting)
        .map(
            text -> {
              long number = WHOLE.matcher(text).matches() ? Long.parseLong(text) : -1;
              if (number < least || number > most) {
                throw wrong(setting, text, "a whole number from " + least + " to " + most);
              }
              return number;
            });
  }

  private Optional<Duration> duration(String setting) {
    return value(setting)
        .map(
            text -> {
              Matcher matcher = DURATION.matcher(text);
              if (!matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
                throw wrong(setting, text, DURATION_WANTED);
              }
              return Optional.ofNullable(UNITS.get(matcher.group(2)))
                  .orElseThrow()
                  .multipliedBy(Long.parseLong(matcher.group(1)));
            });
  }

  private Optional<String> value(String setting) {
    known.add(setting);
    return Optional.ofNullable(given.get(setting));
  }

  /** What a builder says is wrong is said of the setting. */
  private void set(String setting, Runnable setter) {
    try {
      setter.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          prefix + setting + " is '" + given.get(setting) + "': " + e.getMessage(), e);
    }
  }

  private IllegalArgumentException wrong(String setting, String text, String wanted) {
    return new IllegalArgumentException(
        prefix + setting + " is '" + Quoted.text(text) + "'; it must be " + wanted);
  }
}
