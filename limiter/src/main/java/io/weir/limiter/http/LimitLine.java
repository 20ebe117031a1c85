package io.weir.limiter.http;

import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.RateUnit;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleLimitBuilder;
import io.weir.limiter.words.Quoted;
import io.weir.limiter.words.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One limit in one line, as {@link HttpRules} explains it. Immutable.
 *
 * @param name the limit's own name
 * @param keys by which attributes it is, none where all share it
 * @param route the route that it is of; empty where it is of all
 * @param text the line
 */
record LimitLine(String name, List<String> keys, Optional<RoutePattern> route, String text) {
  /** A line that turns a limit off. */
  static final String OFF = "off";

  /** The attribute that every request has, and its value. */
  static final String ALL = "all";

  private static final List<String> UNITS =
      Arrays.stream(RateUnit.values()).map(RateUnit::yamlName).toList();
  private static final Pattern RATE = Pattern.compile("(\\d+)/(\\d*)([A-Za-z]+)");
  private static final Pattern METHOD = Pattern.compile("[A-Za-z]+(?:-[A-Za-z]+)?");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final String REPLACES = "replaces=";
  private static final List<String> OPTIONS = List.of("algorithm", "burst", "on_error", "replaces");
  private static final String UNLIMITED = "unlimited";

  /** Copies the list. */
  LimitLine {
    keys = List.copyOf(keys);
  }

  /** What is read of a line, word by word. */
  private static final class Words {
    private final List<String> words;
    private int at;

    Words(String text) {
      this.words = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    boolean isEmpty() {
      return at == words.size();
    }

    String peek() {
      return isEmpty() ? "" : words.get(at);
    }

    String next() {
      return words.get(at++);
    }
  }

  /**
   * Reads a line, but for its numbers.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  static LimitLine parse(String name, String text) {
    if (text.strip().equalsIgnoreCase(OFF)) {
      throw new IllegalArgumentException("it must be off, in small letters");
    }
    Words words = new Words(text);
    Optional<RoutePattern> route = route(words);
    var unused = limit(name, words);
    List<String> keys = keys(words);
    requireNoRoute(keys, route);
    if (!keys.isEmpty() && words.peek().equals("by")) {
      throw new IllegalArgumentException(
          "'by' is there twice; write it once, as in: by address,user");
    }
    options(words, RuleLimit.unlimited());
    if (route.isEmpty() && keys.isEmpty()) {
      throw new IllegalArgumentException(
          "it names neither a route nor whom it is by; write by all for one budget of all"
              + " requests");
    }
    return new LimitLine(name, keys, route, text);
  }

  /** Where its rule is in the tree: what it is by leads, as that is who is limited. */
  List<Entry> path() {
    List<Entry> path = new ArrayList<>();
    // All have the same value, so that who asks by the limit's name need not say it.
    keys.forEach(key -> path.add(new Entry(key, key.equals(ALL) ? ALL : "")));
    route.ifPresent(pattern -> path.add(new Entry(Routes.ATTRIBUTE, pattern.toString())));
    return path;
  }

  /** Its limit, not checked yet, and made anew. */
  RuleLimitBuilder limit() {
    Words words = new Words(text);
    var unusedRoute = route(words);
    RuleLimitBuilder limit = limit(name, words);
    var unusedKeys = keys(words);
    options(words, limit);
    return limit;
  }

  /** The names of the limits that it replaces. */
  List<String> replaced() {
    return Arrays.stream(text.strip().split("\\s+"))
        .filter(word -> word.startsWith(REPLACES))
        .flatMap(word -> Arrays.stream(word.substring(REPLACES.length()).split(",", -1)))
        .toList();
  }

  private static Optional<RoutePattern> route(Words words) {
    String first = words.peek();
    if (first.startsWith("/")) {
      return Optional.of(RoutePattern.parse(words.next()));
    }
    if (!METHOD.matcher(first).matches() || first.equals(UNLIMITED)) {
      return Optional.empty();
    }
    words.next();
    String method = first.toUpperCase(Locale.ROOT);
    if (!first.equals(method)) {
      throw new IllegalArgumentException(
          words.peek().startsWith("/")
              ? "the method '"
                  + Quoted.text(first)
                  + "' must be in capitals: "
                  + Quoted.text(method)
              : noRate(first));
    }
    if (!words.peek().startsWith("/")) {
      throw new IllegalArgumentException(
          "the method "
              + Quoted.text(first)
              + " is followed by '"
              + Quoted.text(words.peek())
              + "'; it must be a path");
    }
    return Optional.of(RoutePattern.parse(first + " " + words.next()));
  }

  private static RuleLimitBuilder limit(String name, Words words) {
    String rate = words.peek();
    if (rate.equals(UNLIMITED)) {
      words.next();
      return RuleLimit.unlimited().named(name);
    }
    Matcher matcher = RATE.matcher(rate);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(noRate(rate));
    }
    words.next();
    RateUnit unit = unit(matcher.group(3), rate);
    RuleLimitBuilder limit = RuleLimit.per(number(matcher.group(1), rate), unit).named(name);
    return matcher.group(2).isEmpty() ? limit : limit.times(number(matcher.group(2), rate));
  }

  private static String noRate(String word) {
    return (word.isEmpty() ? "it has no rate" : "'" + Quoted.text(word) + "' is no rate")
        + "; it must be like 5/minute, 10/30seconds or unlimited";
  }

  private static RateUnit unit(String word, String rate) {
    String singular =
        word.toLowerCase(Locale.ROOT).endsWith("s") ? word.substring(0, word.length() - 1) : word;
    return RateUnit.find(singular)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + Quoted.text(rate)
                        + "' has the unit '"
                        + Quoted.text(word)
                        + "'; it must be one of "
                        + String.join(", ", UNITS)
                        + Suggestion.didYouMean(singular, UNITS)));
  }

  private static List<String> keys(Words words) {
    if (!words.peek().equals("by")) {
      return List.of();
    }
    words.next();
    List<String> keys = List.of(words.isEmpty() ? "" : words.next());
    keys = List.of(keys.get(0).split(",", -1));
    Set<String> distinct = new HashSet<>();
    for (String key : keys) {
      if (!KEY.matcher(key).matches()) {
        throw new IllegalArgumentException(
            "'"
                + Quoted.text(key)
                + "' behind by is no attribute; write them as in: by address,user");
      }
      if (!distinct.add(key)) {
        throw new IllegalArgumentException(
            "'" + Quoted.text(key) + "' behind by is said already; name each attribute once");
      }
    }
    if (keys.size() > 1 && distinct.contains(ALL)) {
      throw new IllegalArgumentException(
          "'all' behind by is every request; leave it out, or the other attributes");
    }
    return keys;
  }

  private static void requireNoRoute(List<String> keys, Optional<RoutePattern> route) {
    if (keys.contains(Routes.ATTRIBUTE)) {
      throw new IllegalArgumentException(
          "'route' behind by "
              + (route.isPresent()
                  ? "is what the line begins with; leave it out"
                  : "has no value; begin the line with the route, as in: GET /reports 5/minute"));
    }
  }

  private static void options(Words words, RuleLimitBuilder limit) {
    Set<String> seen = new HashSet<>();
    while (!words.isEmpty()) {
      String word = words.next();
      int equals = word.indexOf('=');
      String option = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "" : word.substring(equals + 1);
      if (value.isEmpty() || !seen.add(option)) {
        throw unknownOption(word, option, value);
      }
      switch (option) {
        case "algorithm" -> limit.algorithm(value);
        case "burst" -> limit.burst(number(value, word));
        case "on_error" -> limit.onError(value);
        case "replaces" -> List.of(value.split(",", -1)).forEach(limit::replacing);
        default -> throw unknownOption(word, option, value);
      }
    }
  }

  private static IllegalArgumentException unknownOption(String word, String option, String value) {
    if (word.equals("by")) {
      return new IllegalArgumentException(
          "'by' is in a wrong place; the order is: rate, by ATTRIBUTE,…, options");
    }
    return new IllegalArgumentException(
        "'"
            + Quoted.text(word)
            + "' is not understood there; what may follow is by ATTRIBUTE,…, and once each"
            + " algorithm=…, burst=…, on_error=… and replaces=…"
            + (value.isEmpty() || OPTIONS.contains(option)
                ? ""
                : Suggestion.didYouMean(option, OPTIONS)));
  }

  private static long number(String digits, String word) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'"
              + Quoted.text(word)
              + "' has the number '"
              + Quoted.text(digits)
              + "'; it must be from 0 to "
              + Long.MAX_VALUE,
          e);
    }
  }
}
