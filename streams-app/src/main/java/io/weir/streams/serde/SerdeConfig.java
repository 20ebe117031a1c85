package io.weir.streams.serde;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * What the serdes can be told, under Confluent's keys. Keys that are not listed here are ignored,
 * as Kafka does it, but those that would change what is written are refused. Immutable.
 */
public final class SerdeConfig extends AbstractConfig {
  /** Addresses of the registry, separated by commas; the next one is tried when one fails. */
  public static final String URL = "schema.registry.url";

  /** Whether a schema is registered when it is first written; if not, it must be there. */
  public static final String AUTO_REGISTER = "auto.register.schemas";

  /** Whether the registry normalises schemas before it compares them. */
  public static final String NORMALIZE = "normalize.schemas";

  /** Where the user and password come from: {@code URL} or {@code USER_INFO}. */
  public static final String BASIC_SOURCE = "basic.auth.credentials.source";

  /** {@code user:password} for the source {@code USER_INFO}. */
  public static final String BASIC_USER_INFO = "basic.auth.user.info";

  /** The older name of {@link #BASIC_USER_INFO}. */
  public static final String BASIC_USER_INFO_OLD = "schema.registry.basic.auth.user.info";

  /** Where a bearer token comes from: {@code STATIC_TOKEN}, or nowhere. */
  public static final String BEARER_SOURCE = "bearer.auth.credentials.source";

  /** The token for the source {@code STATIC_TOKEN}. */
  public static final String BEARER_TOKEN = "bearer.auth.token";

  /** Milliseconds within which a connection must stand. */
  public static final String CONNECT_TIMEOUT = "http.connect.timeout.ms";

  /** Milliseconds within which an answer must be there. */
  public static final String READ_TIMEOUT = "http.read.timeout.ms";

  /** Milliseconds before the first retry; doubles from there. */
  public static final String RETRY_WAIT = "retries.wait.ms";

  /** Milliseconds between retries at most. */
  public static final String RETRY_MAX_WAIT = "retries.max.wait.ms";

  /** Weir's own: milliseconds for which one look-up is retried before it fails. */
  public static final String RETRY_TIMEOUT = "schema.registry.retry.timeout.ms";

  private static final String SSL = "schema.registry.ssl.";
  private static final String LATEST = "use.latest.version";
  private static final String SUBJECTS = "value.subject.name.strategy";
  private static final String HOST_CHECK = SSL + "endpoint.identification.algorithm";
  private static final String FROM_URL = "URL";
  private static final String FROM_USER_INFO = "USER_INFO";
  private static final String FROM_STATIC_TOKEN = "STATIC_TOKEN";

  /** The settings with their defaults and what they mean. */
  public static final ConfigDef DEFINITION = definition();

  /**
   * Reads the settings out of a client's or application's configuration.
   *
   * @throws ConfigException if one is wrong
   */
  public SerdeConfig(Map<String, ?> config) {
    super(DEFINITION, config, false);
    if (getBoolean(LATEST)) {
      throw new ConfigException(
          LATEST
              + " is true; Weir's serde writes with its own schema only: set it to false, or name"
              + " Confluent's serde");
    }
    if (!getString(SUBJECTS).endsWith("TopicNameStrategy")
        || getString(SUBJECTS).endsWith("RecordNameStrategy")) {
      throw new ConfigException(
          SUBJECTS
              + " is "
              + getString(SUBJECTS)
              + "; Weir's serde has TopicNameStrategy only: leave it out, or name Confluent's serde");
    }
    if (!"https".equalsIgnoreCase(getString(HOST_CHECK))) {
      throw new ConfigException(
          HOST_CHECK
              + " is '"
              + getString(HOST_CHECK)
              + "'; Weir always checks the host: set https");
    }
    if (registryUrls().isEmpty()) {
      throw new ConfigException(URL + " is empty; name the registry, like http://host:8081");
    }
    credentials();
    backoff();
  }

  /** Addresses of the registry, at least one. */
  List<RegistryUrl> registryUrls() {
    return getList(URL).stream().map(RegistryUrl::parse).toList();
  }

  boolean autoRegister() {
    return getBoolean(AUTO_REGISTER);
  }

  boolean normalize() {
    return getBoolean(NORMALIZE);
  }

  Duration connectTimeout() {
    return Duration.ofMillis(getLong(CONNECT_TIMEOUT));
  }

  Duration readTimeout() {
    return Duration.ofMillis(getLong(READ_TIMEOUT));
  }

  Duration retryTimeout() {
    return Duration.ofMillis(getLong(RETRY_TIMEOUT));
  }

  Backoff backoff() {
    try {
      return new Backoff(getLong(RETRY_WAIT), getLong(RETRY_MAX_WAIT));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(RETRY_WAIT + ", " + RETRY_MAX_WAIT + ": " + e.getMessage());
    }
  }

  RegistryCredentials credentials() {
    Optional<String> token = secret(BEARER_TOKEN);
    if (!getString(BEARER_SOURCE).isEmpty() || token.isPresent()) {
      return new RegistryCredentials.BearerToken(
          token.orElseThrow(
              () ->
                  new ConfigException(
                      BEARER_TOKEN + " is missing; " + BEARER_SOURCE + " asks for it")));
    }
    if (getString(BASIC_SOURCE).equals(FROM_URL)) {
      return new RegistryCredentials.FromUrl();
    }
    return new RegistryCredentials.UserInfo(
        secret(BASIC_USER_INFO)
            .or(() -> secret(BASIC_USER_INFO_OLD))
            .orElseThrow(
                () ->
                    new ConfigException(
                        BASIC_USER_INFO
                            + " is missing; "
                            + BASIC_SOURCE
                            + "=USER_INFO asks for it, as user:password")));
  }

  RegistryTls tls() {
    return new RegistryTls(store("truststore"), store("keystore"), secret(SSL + "key.password"));
  }

  private Optional<RegistryTls.Store> store(String which) {
    String prefix = SSL + which;
    String location = getString(prefix + ".location");
    return location.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RegistryTls.Store(
                Path.of(location), getString(prefix + ".type"), secret(prefix + ".password")));
  }

  private Optional<String> secret(String key) {
    return Optional.of(getPassword(key).value()).filter(value -> !value.isEmpty());
  }

  private static ConfigDef definition() {
    ConfigDef def = new ConfigDef();
    def.define(
        URL,
        ConfigDef.Type.LIST,
        ConfigDef.NO_DEFAULT_VALUE,
        ConfigDef.Importance.HIGH,
        "Addresses of the schema registry; the next one is tried when one fails.");
    flag(def, AUTO_REGISTER, true, "Register a schema when it is first written.");
    flag(def, NORMALIZE, false, "Let the registry normalise schemas before it compares them.");
    flag(def, LATEST, false, "Must be false: Weir writes with its own schema.");
    text(def, SUBJECTS, "TopicNameStrategy", "Must be TopicNameStrategy: <topic>-value.");
    def.define(
        BASIC_SOURCE,
        ConfigDef.Type.STRING,
        FROM_URL,
        ConfigDef.ValidString.in(FROM_URL, FROM_USER_INFO),
        ConfigDef.Importance.MEDIUM,
        "Where user and password come from: the address itself, or " + BASIC_USER_INFO + ".");
    secret(def, BASIC_USER_INFO, "user:password");
    secret(def, BASIC_USER_INFO_OLD, "Older name of " + BASIC_USER_INFO + ".");
    def.define(
        BEARER_SOURCE,
        ConfigDef.Type.STRING,
        "",
        ConfigDef.ValidString.in("", FROM_STATIC_TOKEN),
        ConfigDef.Importance.MEDIUM,
        "STATIC_TOKEN to send " + BEARER_TOKEN + ".");
    secret(def, BEARER_TOKEN, "Token for the registry.");
    for (String store : List.of("truststore", "keystore")) {
      text(def, SSL + store + ".location", "", "File of the " + store + " for the registry.");
      text(def, SSL + store + ".type", "JKS", "JKS, PKCS12, or (truststore) PEM.");
      secret(def, SSL + store + ".password", "Password of the " + store + ".");
    }
    secret(def, SSL + "key.password", "Password of the key in the keystore, if another.");
    text(def, HOST_CHECK, "https", "Must be https: the registry's host name is always checked.");
    millis(def, CONNECT_TIMEOUT, 5_000, "Milliseconds within which a connection must stand.");
    millis(def, READ_TIMEOUT, 10_000, "Milliseconds within which an answer must be there.");
    millis(def, RETRY_WAIT, 100, "Milliseconds before the first retry; doubles from there.");
    millis(def, RETRY_MAX_WAIT, 5_000, "Milliseconds between retries at most.");
    millis(def, RETRY_TIMEOUT, 60_000, "Milliseconds for which one look-up is retried.");
    return def;
  }

  private static void flag(ConfigDef def, String key, boolean fallback, String doc) {
    def.define(key, ConfigDef.Type.BOOLEAN, fallback, ConfigDef.Importance.MEDIUM, doc);
  }

  private static void text(ConfigDef def, String key, String fallback, String doc) {
    def.define(key, ConfigDef.Type.STRING, fallback, ConfigDef.Importance.MEDIUM, doc);
  }

  private static void secret(ConfigDef def, String key, String doc) {
    def.define(key, ConfigDef.Type.PASSWORD, new Password(""), ConfigDef.Importance.MEDIUM, doc);
  }

  private static void millis(ConfigDef def, String key, long fallback, String doc) {
    def.define(
        key,
        ConfigDef.Type.LONG,
        fallback,
        ConfigDef.Range.between(1, Integer.MAX_VALUE),
        ConfigDef.Importance.LOW,
        doc);
  }
}
