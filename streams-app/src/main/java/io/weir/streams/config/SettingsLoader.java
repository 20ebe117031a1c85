package io.weir.streams.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Brings settings together from the command line, the environment, a file and the defaults; each
 * wins over those named after it. Whatever is wrong is reported together.
 */
public final class SettingsLoader {
  /** Half of the time that a transaction may take by default. */
  private static final Duration LONGEST_REDIS_TIMEOUT = Duration.ofSeconds(5);

  static final String KAFKA_PREFIX = "kafka.";

  /** Begins the names of settings that are handed on to the serde. */
  static final String REGISTRY_PREFIX = "schema.registry.";

  private final Map<String, GivenSetting> given = new HashMap<>();
  private final Remarks mistakes = new Remarks();
  private final Remarks warnings = new Remarks();
  private final List<String> ignoredVariables = new ArrayList<>();

  private SettingsLoader() {}

  /**
   * The settings.
   *
   * @param file the file, if there is one
   * @param environment the process's environment variables; those that begin with {@code WEIR_} are
   *     read
   * @param options settings given on the command line, by their names
   * @throws SettingsException if a setting is unknown, is no value, or may not be set; the message
   *     has a line for each mistake, those of the file in its order first
   */
  public static Settings load(
      Optional<Path> file, Map<String, String> environment, Map<String, String> options) {
    SettingsLoader loader = new SettingsLoader();
    file.map(path -> FileSource.read(path, loader.mistakes)).ifPresent(loader::addAll);
    loader.addAll(EnvironmentSource.read(environment, loader.mistakes, loader.ignoredVariables));
    loader.addAll(
        options.entrySet().stream()
            .map(
                option ->
                    new GivenSetting(option.getKey(), option.getValue(), Origin.commandLine()))
            .toList());
    return loader.build();
  }

  /** Settings given by name, the others at their defaults; for tests and trials. */
  public static Settings of(Map<String, String> settings) {
    return load(Optional.empty(), Map.of(), settings);
  }

  /** Whether a name is not Weir's own but is handed on to Kafka or to the serde. */
  static boolean isPassedThrough(String name) {
    return Stream.of(KAFKA_PREFIX, REGISTRY_PREFIX)
        .anyMatch(prefix -> name.startsWith(prefix) && name.length() > prefix.length());
  }

  private void addAll(List<GivenSetting> more) {
    more.forEach(
        setting -> given.merge(setting.name(), setting, (earlier, later) -> later.over(earlier)));
  }

  private Settings build() {
    given.values().forEach(this::check);
    List<String> wrong = mistakes.isEmpty() ? mistakesTogether() : mistakes.lines();
    if (!wrong.isEmpty()) {
      throw new SettingsException(wrong);
    }
    if (value(WeirSettings.REQUESTS_MAX_AGE).isEmpty()) {
      warnWithoutEffect(WeirSettings.REQUESTS_EXPIRED_VERDICT, "without requests.max.age");
    }
    if (value(WeirSettings.DUPLICATES_HORIZON).isEmpty()) {
      warnWithoutEffect(WeirSettings.DUPLICATES_MAX_BYTES, "without duplicates.horizon");
    }
    if (value(WeirSettings.INPUT_KEYED)) {
      warnWithoutEffect(WeirSettings.REPARTITION_PARTITIONS, "with input.keyed");
    }
    warnOfFewHolds();
    return new Settings(given, warnings.lines(), ignoredVariables);
  }

  private void check(GivenSetting setting) {
    Optional<Setting<?>> declared = WeirSettings.find(setting.name());
    if (declared.isPresent()) {
      try {
        Object unused = declared.get().type().parse(setting.value());
      } catch (IllegalArgumentException e) {
        addBadValue(setting, String.valueOf(e.getMessage()));
      }
    } else if (setting.name().startsWith(KAFKA_PREFIX)) {
      checkKafka(setting, setting.name().substring(KAFKA_PREFIX.length()));
    } else if (isPassedThrough(setting.name())) {
      checkRegistry(setting);
    } else {
      mistakes.add(
          setting.origin(), "there is no setting " + setting.name() + unknownHint(setting.name()));
    }
  }

  /** What an unknown name was meant to be: the beginning of others, or one of them misspelt. */
  private static String unknownHint(String name) {
    List<String> names = WeirSettings.all().stream().<String>map(Setting::name).toList();
    List<String> below = names.stream().filter(it -> it.startsWith(name + ".")).toList();
    return below.isEmpty()
        ? Nearest.hint(name, names)
        : " itself; there are " + String.join(", ", below);
  }

  private void checkKafka(GivenSetting setting, String property) {
    Optional<String> refused = RefusedKafkaProperties.reason(property);
    if (refused.isPresent()) {
      mistakes.add(setting.origin(), setting.name() + " cannot be set: " + refused.get());
      return;
    }
    KafkaPropertyNames.mistake(property, setting.value())
        .ifPresent(mistake -> addBadValue(setting, mistake));
    KafkaPropertyNames.doubt(property).ifPresent(doubt -> warnings.add(setting.origin(), doubt));
  }

  private void checkRegistry(GivenSetting setting) {
    Optional<String> unknown = RegistrySettings.unknown(setting.name());
    if (isOwnSerde()) {
      unknown.ifPresent(mistake -> mistakes.add(setting.origin(), mistake));
      RegistrySettings.mistake(setting.name(), setting.value())
          .ifPresent(mistake -> addBadValue(setting, mistake));
    } else {
      unknown.ifPresent(
          doubt ->
              warnings.add(
                  setting.origin(),
                  "for Weir's own serde "
                      + doubt
                      + "; "
                      + text(WeirSettings.SERDE_CLASS)
                      + " gets it as it is"));
    }
  }

  private boolean isOwnSerde() {
    return RegistrySettings.areOfOwnSerde(text(WeirSettings.SERDE_CLASS).strip());
  }

  /** Mistakes that only show in several settings at once. */
  private List<String> mistakesTogether() {
    List<String> together = new ArrayList<>();
    List<Setting<String>> topics = Settings.TOPICS;
    for (int i = 0; i < topics.size(); i++) {
      for (int j = i + 1; j < topics.size(); j++) {
        if (text(topics.get(i)).equals(text(topics.get(j)))) {
          together.add(
              topics.get(i).name()
                  + " and "
                  + topics.get(j).name()
                  + " are both '"
                  + text(topics.get(i))
                  + "'; each needs a topic of its own");
        }
      }
    }
    if (value(WeirSettings.ROCKSDB_WRITE_BUFFERS) > value(WeirSettings.ROCKSDB_BLOCK_CACHE)) {
      together.add(
          "rocksdb.write.buffers is "
              + text(WeirSettings.ROCKSDB_WRITE_BUFFERS)
              + ", but counts against rocksdb.block.cache, "
              + text(WeirSettings.ROCKSDB_BLOCK_CACHE)
              + "; it must not be more");
    }
    checkRedisUris(together);
    checkRedisTimeout(together);
    checkHoldTime(together);
    checkTransactionTimeout(together);
    checkCertificates(together);
    if (isOwnSerde()) {
      checkRegistryTogether(together);
    }
    return together;
  }

  private void checkRedisUris(List<String> together) {
    List<String> uris = SettingTypes.splitRedisUris(value(WeirSettings.REDIS_URI));
    if (uris.size() > 1 && !value(WeirSettings.REDIS_CLUSTER)) {
      together.add(
          WeirSettings.REDIS_URI.name()
              + " names "
              + uris.size()
              + " servers; that is for a cluster: set redis.cluster to true, or name one");
    }
    if (value(WeirSettings.REDIS_CLUSTER)
        && !uris.stream()
            .allMatch(uri -> uri.startsWith("redis://") || uri.startsWith("rediss://"))) {
      together.add(
          WeirSettings.REDIS_URI.name()
              + " names what is no server of a cluster; with redis.cluster each address must begin"
              + " with redis:// or rediss://");
    }
  }

  /** Before a commit the stream waits for Redis, and transactions have a timeout of their own. */
  private void checkRedisTimeout(List<String> together) {
    if (value(WeirSettings.STATE) == StatePlace.REDIS
        && value(WeirSettings.REDIS_TIMEOUT).compareTo(LONGEST_REDIS_TIMEOUT) > 0) {
      together.add(
          saying(WeirSettings.REDIS_TIMEOUT)
              + "; with state: redis it must be at most "
              + LONGEST_REDIS_TIMEOUT.toSeconds()
              + "s, as commits wait for it");
    }
  }

  private void checkHoldTime(List<String> together) {
    Duration joinTimeout = value(WeirSettings.JOIN_TIMEOUT);
    Duration least = joinTimeout.multipliedBy(2);
    if (value(WeirSettings.HOLD_TIME).compareTo(least) < 0) {
      together.add(
          origin(WeirSettings.HOLD_TIME)
                  .or(() -> origin(WeirSettings.JOIN_TIMEOUT))
                  .map(origin -> origin + ": ")
                  .orElse("")
              + saying(WeirSettings.HOLD_TIME)
              + ", but "
              + saying(WeirSettings.JOIN_TIMEOUT)
              + "; set hold.time to "
              + least.toMillis()
              + "ms or more, twice join.timeout, "
              + lowerJoinTimeout()
              + "or some of what is held cannot be given back");
    }
  }

  private void checkCertificates(List<String> together) {
    boolean certificate = value(WeirSettings.GRPC_TLS_CERTIFICATE).isPresent();
    boolean key = value(WeirSettings.GRPC_TLS_KEY).isPresent();
    if (certificate && !key) {
      together.add(
          alone(WeirSettings.GRPC_TLS_CERTIFICATE, WeirSettings.GRPC_TLS_KEY)
              + "; set both or neither");
    }
    if (key && !certificate) {
      together.add(
          alone(WeirSettings.GRPC_TLS_KEY, WeirSettings.GRPC_TLS_CERTIFICATE)
              + "; set both or neither");
    }
    if (value(WeirSettings.GRPC_TLS_CLIENT_CA).isPresent() && !certificate && !key) {
      together.add(
          alone(WeirSettings.GRPC_TLS_CLIENT_CA, WeirSettings.GRPC_TLS_CERTIFICATE)
              + "; clients are asked for certificates over TLS only, which needs"
              + " grpc.tls.certificate and grpc.tls.key");
    }
  }

  private String alone(Setting<?> setting, Setting<?> missing) {
    return origin(setting).map(origin -> origin + ": ").orElse("")
        + setting.name()
        + " is set, but not "
        + missing.name();
  }

  /** What goes with the hold time; nothing where that is too short for any. */
  private String lowerJoinTimeout() {
    String half = value(WeirSettings.HOLD_TIME).toMillis() / 2 + "ms";
    try {
      Object unused = WeirSettings.JOIN_TIMEOUT.type().parse(half);
      return "or lower join.timeout to " + half + ", ";
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private void warnWithoutEffect(Setting<?> setting, String reason) {
    if (!setting.isDefault(text(setting))) {
      origin(setting)
          .ifPresent(origin -> warnings.add(origin, setting.name() + " has no effect " + reason));
    }
  }

  /** How many requests a second are too many for these settings. */
  private void warnOfFewHolds() {
    Duration joinTimeout = value(WeirSettings.JOIN_TIMEOUT);
    if (value(WeirSettings.HOLDS_MAX) < joinTimeout.toSeconds()) {
      origin(WeirSettings.HOLDS_MAX)
          .or(() -> origin(WeirSettings.JOIN_TIMEOUT))
          .ifPresent(
              origin ->
                  warnings.add(
                      origin,
                      saying(WeirSettings.HOLDS_MAX)
                          + ", and "
                          + saying(WeirSettings.JOIN_TIMEOUT)
                          + ": of an identifier with a request a second, what is held for a request"
                          + " that waits so long is taken for good before it is given back"));
    }
  }

  private Optional<Origin> origin(Setting<?> setting) {
    return Optional.ofNullable(given.get(setting.name())).map(GivenSetting::origin);
  }

  private String saying(Setting<?> setting) {
    return setting.name()
        + " is "
        + text(setting)
        + (origin(setting).isPresent() ? "" : " (the default)");
  }

  private void checkRegistryTogether(List<String> together) {
    Map<String, String> ofRegistry = new TreeMap<>();
    ofRegistry.put(WeirSettings.SCHEMA_REGISTRY_URL.name(), text(WeirSettings.SCHEMA_REGISTRY_URL));
    given.values().stream()
        .filter(setting -> setting.name().startsWith(REGISTRY_PREFIX))
        .forEach(setting -> ofRegistry.put(setting.name(), setting.value()));
    RegistrySettings.mistakeTogether(ofRegistry)
        .ifPresent(
            mistake ->
                together.add(
                    mistake
                            .setting()
                            .flatMap(name -> Optional.ofNullable(given.get(name)))
                            .map(setting -> setting.origin() + ": ")
                            .orElse("")
                        + mistake.sentence()));
  }

  private void checkTransactionTimeout(List<String> together) {
    ProcessingGuarantee guarantee = value(WeirSettings.PROCESSING_GUARANTEE);
    Duration commitInterval =
        value(WeirSettings.COMMIT_INTERVAL).orElse(guarantee.commitInterval());
    long transactionMillis = transactionTimeoutMillis();
    if (guarantee == ProcessingGuarantee.EXACTLY_ONCE_V2
        && commitInterval.toMillis() * 2 > transactionMillis) {
      together.add(
          "commit.interval is "
              + commitInterval.toMillis()
              + " ms"
              + ", but brokers abort transactions after "
              + transactionMillis
              + " ms; it must be at most half of that, or raise"
              + " kafka.producer.transaction.timeout.ms");
    }
  }

  private long transactionTimeoutMillis() {
    return Stream.of("kafka.producer.transaction.timeout.ms", "kafka.transaction.timeout.ms")
        .flatMap(name -> Optional.ofNullable(given.get(name)).stream())
        .findFirst()
        .map(setting -> Long.parseLong(setting.value().strip()))
        .orElse(StreamsProperties.DEFAULT_TRANSACTION_TIMEOUT_MILLIS);
  }

  private <T> T value(Setting<T> setting) {
    return setting.type().parse(text(setting));
  }

  private String text(Setting<?> setting) {
    return Optional.ofNullable(given.get(setting.name()))
        .map(GivenSetting::value)
        .orElse(setting.defaultText());
  }

  private void addBadValue(GivenSetting setting, String mistake) {
    mistakes.add(
        setting.origin(),
        setting.name()
            + " is '"
            + SecretNames.show(setting.name(), setting.value())
            + "'; "
            + mistake);
  }
}
