package io.weir.streams.config;

import io.lettuce.core.RedisURI;
import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.Identifiers;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.state.HostInfo;

/** The types that settings have, and options of commands. */
public final class SettingTypes {
  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]+)");
  private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[^\\]]+\\]|[^:\\s]+):(\\d{1,5})");
  private static final Pattern BRACKETED = Pattern.compile("^\\[(.*:.*)]$");
  private static final Pattern BEFORE_REDIS_URI = Pattern.compile("\\s*,\\s*(?=redis[a-z+-]*://)");

  /** Lettuce takes whatever stands there; names of containers have underscores. */
  private static final Pattern REDIS_HOST =
      Pattern.compile("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f:.%]+]?");

  private static final List<String> DURATIONS = List.of("100ms", "5s", "10m", "2h", "1d");
  private static final List<String> SIZES = List.of("512KiB", "64MiB", "1GiB");
  private static final Map<String, Long> SIZE_UNITS =
      Map.of("b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);

  private SettingTypes() {}

  /** Any text that is not empty. */
  public static SettingType<String> text(String what) {
    return new SettingType<>(
        what, text -> Optional.of(text).filter(Predicate.not(String::isEmpty)));
  }

  /** A topic's name, as Kafka allows it. */
  static SettingType<String> topic() {
    return new SettingType<>(
        "a topic name of letters, digits, dots, dashes and underscores",
        text ->
            Optional.of(text)
                .filter(name -> TOPIC.matcher(name).matches() && !name.matches("\\.{1,2}")));
  }

  /** true or false. */
  static SettingType<Boolean> bool() {
    return new SettingType<>(
        "true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            });
  }

  /** A whole number from {@code least} to {@code most}. */
  public static SettingType<Integer> integer(int least, int most) {
    return new SettingType<>(
        "a whole number from " + least + " to " + most,
        text ->
            Optional.of(text)
                .filter(digits -> digits.matches("-?\\d{1,10}"))
                .map(Long::parseLong)
                .filter(number -> number >= least && number <= most)
                .map(Math::toIntExact));
  }

  /** A whole number from {@code least} up, as far as a long goes. */
  public static SettingType<Long> wholeNumber(long least) {
    return new SettingType<>(
        "a whole number, " + least + " or more",
        text ->
            Optional.of(text)
                .filter(digits -> digits.matches("-?\\d{1,18}"))
                .map(Long::parseLong)
                .filter(number -> number >= least));
  }

  /** A number above 0, with a fraction if wanted. */
  public static SettingType<Double> positiveNumber() {
    return decimal("a number above 0, such as 100 or 0.5", number -> number > 0);
  }

  /** A number from 0 up to a whole one, with a fraction if wanted. */
  public static SettingType<Double> numberUpTo(int most) {
    return decimal("a number from 0 to " + most + ", such as 1 or 0.5", number -> number <= most);
  }

  private static SettingType<Double> decimal(String expectation, Predicate<Double> rule) {
    return new SettingType<>(
        expectation,
        text ->
            Optional.of(text)
                .filter(digits -> digits.matches("\\d{1,15}(\\.\\d{1,15})?"))
                .map(Double::parseDouble)
                .filter(rule));
  }

  /** A part of a whole: above 0, at most 1. */
  static SettingType<Double> share() {
    return new SettingType<>(
        "a number above 0 and at most 1, such as 1 or 0.5",
        text ->
            Optional.of(text)
                .filter(digits -> digits.matches("[01](\\.\\d{1,15})?"))
                .map(Double::parseDouble)
                .filter(number -> number > 0 && number <= 1));
  }

  /** One of the constants of an enum, written in lower case. */
  public static <E extends Enum<E>> SettingType<E> choice(Class<E> choices) {
    List<E> constants = List.of(choices.getEnumConstants());
    return new SettingType<>(
        constants.stream().map(SettingTypes::lowerCase).collect(Collectors.joining(" or ")),
        text ->
            constants.stream()
                .filter(constant -> lowerCase(constant).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst());
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** A duration from {@code least} to {@code most}: a whole number and ms, s, m, h or d. */
  public static SettingType<Duration> duration(String least, String most) {
    Duration shortest = DurationFormat.parse(least).orElseThrow();
    Duration longest = DurationFormat.parse(most).orElseThrow();
    Function<String, Optional<Duration>> parser =
        text ->
            DurationFormat.parse(text)
                .filter(value -> value.compareTo(shortest) >= 0 && value.compareTo(longest) <= 0);
    return new SettingType<>(
        "a duration from " + least + " to " + most + examples(DURATIONS, parser), parser);
  }

  /** Those that could be given; {@code , such as 5s, 10m or 2h}. */
  private static String examples(List<String> all, Function<String, ? extends Optional<?>> parser) {
    List<String> some = all.stream().filter(it -> parser.apply(it).isPresent()).toList();
    if (some.isEmpty()) {
      return "";
    }
    List<String> first = some.subList(0, some.size() - 1);
    return ", such as "
        + String.join(", ", first)
        + (first.isEmpty() ? "" : " or ")
        + some.get(some.size() - 1);
  }

  /** A time to the millisecond, with its offset from UTC, or in milliseconds since the epoch. */
  public static SettingType<Instant> instant() {
    return new SettingType<>(
        "a time such as 2026-11-21T18:00:00.123Z, or milliseconds since the epoch",
        text -> parseInstant(text).filter(SettingTypes::isMilliseconds));
  }

  private static Optional<Instant> parseInstant(String text) {
    if (text.matches("\\d{1,18}")) {
      return Optional.of(Instant.ofEpochMilli(Long.parseLong(text)));
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Whether it is a number of milliseconds, which a long has room for. */
  private static boolean isMilliseconds(Instant time) {
    return !time.isBefore(Instant.EPOCH)
        && !time.isAfter(LATEST)
        && time.equals(time.truncatedTo(ChronoUnit.MILLIS));
  }

  /** A number of bytes from {@code least} up: a whole number and B, KiB, MiB or GiB. */
  static SettingType<Long> size(long leastBytes, String least) {
    Function<String, Optional<Long>> parser =
        text -> parseSize(text).filter(bytes -> bytes >= leastBytes);
    return new SettingType<>("a size of " + least + " or more" + examples(SIZES, parser), parser);
  }

  private static Optional<Long> parseSize(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.ofNullable(SIZE_UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)))
        .filter(unit -> number <= Long.MAX_VALUE / unit)
        .map(unit -> number * unit);
  }

  /** A path; a leading ~/ is the user's home directory. */
  public static SettingType<Path> path() {
    return new SettingType<>("a path", SettingTypes::parsePath);
  }

  private static Optional<Path> parsePath(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          text.startsWith("~/")
              ? Path.of(System.getProperty("user.home"), text.substring(2))
              : Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** An identifier, as decisions have it. */
  public static SettingType<String> identifier() {
    return new SettingType<>(
        "a domain, a key and a value as decisions have them, such as api/user_id=42",
        text -> Optional.of(text).filter(SettingTypes::isIdentifier));
  }

  private static boolean isIdentifier(String text) {
    try {
      return Identifiers.decode(text).encoded().equals(text);
    } catch (IdentifierException e) {
      return false;
    }
  }

  /** A host to listen on; an IPv6 address may stand in brackets, and is read without them. */
  static SettingType<String> host() {
    return new SettingType<>(
        "a host name or address",
        text ->
            Optional.of(BRACKETED.matcher(text).replaceFirst("$1"))
                .filter(Predicate.not(String::isEmpty)));
  }

  /** A host and a port. */
  static SettingType<HostInfo> hostAndPort() {
    return new SettingType<>(
        "a host and a port, such as weir-1.example.org:8080 or [2001:db8::1]:8080",
        SettingTypes::parseHostInfo);
  }

  /** Hosts with ports, separated by commas. */
  static SettingType<String> hostsAndPorts() {
    return new SettingType<>(
        "hosts with ports, separated by commas, such as broker-1:9092,broker-2:9092",
        text ->
            Optional.of(text)
                .filter(
                    list ->
                        Arrays.stream(list.split(",", -1))
                            .allMatch(
                                item ->
                                    // Kafka takes PROTOCOL://host:port too.
                                    parseHostInfo(item.strip().replaceFirst("^[A-Za-z_]+://", ""))
                                        .isPresent())));
  }

  /**
   * As Kafka reads it, which takes the brackets off an IPv6 address: an instance knows itself in
   * what Kafka tells of the group by comparing just this.
   */
  private static Optional<HostInfo> parseHostInfo(String text) {
    if (!HOST_AND_PORT.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(HostInfo.buildFromEndpoint(text))
          .filter(address -> address.port() > 0 && address.port() <= 65_535);
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  /** One or more http or https addresses, separated by commas. */
  static SettingType<String> urls() {
    return new SettingType<>(
        "one or more http:// or https:// addresses, separated by commas",
        text ->
            Optional.of(text)
                .filter(
                    list ->
                        Arrays.stream(list.split(",", -1))
                            .allMatch(item -> isHttpUrl(item.strip()))));
  }

  /** Addresses of Redis; {@link #splitRedisUris} takes them apart. */
  static SettingType<String> redisUris() {
    return new SettingType<>(
        "one or more redis://, rediss:// or redis-sentinel:// addresses, separated by commas",
        text ->
            Optional.of(text)
                .filter(list -> splitRedisUris(list).stream().allMatch(SettingTypes::isRedisUri)));
  }

  /** The addresses, one by one; those of Sentinel hold commas themselves. */
  public static List<String> splitRedisUris(String list) {
    return List.of(BEFORE_REDIS_URI.split(list, -1));
  }

  private static boolean isRedisUri(String text) {
    try {
      RedisURI uri = RedisURI.create(text);
      String host = uri.getHost();
      return host == null
          ? uri.getSocket() != null || !uri.getSentinels().isEmpty()
          : REDIS_HOST.matcher(host).matches();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What keys begin with. */
  static SettingType<String> keyPrefix() {
    return new SettingType<>(
        "a text without {, which marks the identifier",
        text -> Optional.of(text).filter(prefix -> !prefix.isEmpty() && prefix.indexOf('{') < 0));
  }

  /** One http or https address, without a query. */
  public static SettingType<URI> url() {
    return new SettingType<>(
        "an http:// or https:// address, such as http://127.0.0.1:8080",
        text ->
            Optional.of(text)
                .filter(SettingTypes::isHttpUrl)
                .map(URI::create)
                .filter(uri -> uri.getRawQuery() == null && uri.getRawFragment() == null));
  }

  private static boolean isHttpUrl(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getHost() != null
          && uri.getPort() <= 65_535
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
