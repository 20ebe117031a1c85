package io.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {
  @TempDir Path directory;

  @Test
  void withoutAnythingEverySettingHasItsDefault() {
    Settings settings = load("", Map.of());

    assertThat(settings.get(WeirSettings.APPLICATION_ID)).isEqualTo("weir");
    assertThat(settings.get(WeirSettings.HTTP_PORT)).isEqualTo(8080);
    assertThat(settings.get(WeirSettings.LATENESS)).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.get(WeirSettings.REPARTITION_PARTITIONS)).isEmpty();
    assertThat(settings.get(WeirSettings.ROCKSDB_WRITE_BUFFERS)).isEqualTo(64L << 20);
    assertThat(settings.describe()).isEmpty();
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void whatIsGivenAndIsTheDefaultIsNotDescribed() {
    Settings settings = load("threads: 02\nlateness: 300s\nhttp.port: 9000\n", Map.of());

    assertThat(settings.describe()).containsOnlyKeys("http.port");
    assertThat(settings.describe().get("http.port")).matches("9000 \\(.*weir\\.yml:3\\)");
  }

  @Test
  void whatWinsOverAnotherPlaceNamesBoth() {
    Settings settings =
        load(
            "http.port: 9000\nthreads: 3\n", Map.of("WEIR_HTTP_PORT", "8080", "WEIR_THREADS", "3"));

    assertThat(settings.get(WeirSettings.HTTP_PORT)).isEqualTo(8080);
    assertThat(settings.describe().get("http.port"))
        .matches("8080 \\(environment variable WEIR_HTTP_PORT, not .*weir\\.yml:1\\)");
    assertThat(settings.describe().get("threads"))
        .isEqualTo("3 (environment variable WEIR_THREADS)");
  }

  @Test
  void theNameOfSeveralSettingsIsNone() {
    assertMistake(
        "http: 80\n",
        ":1: there is no setting http itself; there are http.host, http.port, http.advertised");
  }

  @Test
  void nestedAndDottedNamesAreTheSame() {
    Settings settings =
        load(
            """
            http:
              port: 9000
              host: "0.0.0.0"
            topics: {dead.letter: graveyard}
            commit.interval: 50ms
            """,
            Map.of());

    assertThat(settings.get(WeirSettings.HTTP_PORT)).isEqualTo(9000);
    assertThat(settings.get(WeirSettings.HTTP_HOST)).isEqualTo("0.0.0.0");
    assertThat(settings.get(WeirSettings.TOPIC_DEAD_LETTER)).isEqualTo("graveyard");
    assertThat(settings.get(WeirSettings.COMMIT_INTERVAL)).contains(Duration.ofMillis(50));
  }

  @ParameterizedTest
  @CsvSource({"::1, ::1", "[::1], ::1", "'[::]', '::'", "localhost, localhost", "[odd], [odd]"})
  void theHostToListenOnMayStandInBrackets(String text, String host) {
    assertThat(load("http.host: '" + text + "'\n", Map.of()).get(WeirSettings.HTTP_HOST))
        .isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource({"[::1]:8080, ::1", "[2001:db8::1:8]:8080, 2001:db8::1:8", "weir-1:8080, weir-1"})
  void anInstanceKnowsItsAdvertisedAddressAsKafkaTellsIt(String text, String host) {
    HostInfo advertised =
        load("http.advertised: '" + text + "'\n", Map.of())
            .get(WeirSettings.HTTP_ADVERTISED)
            .orElseThrow();

    assertThat(advertised).isEqualTo(new HostInfo(host, 8080));
    // The application hands Kafka the two as host:port, and compares with what Kafka makes of it.
    assertThat(HostInfo.buildFromEndpoint(advertised.host() + ":" + advertised.port()))
        .isEqualTo(advertised);
  }

  @Test
  void aListIsJoinedByCommas() {
    Settings settings = load("bootstrap.servers: [a:9092, b:9092]\n", Map.of());

    assertThat(settings.get(WeirSettings.BOOTSTRAP_SERVERS)).isEqualTo("a:9092,b:9092");
  }

  @Test
  void theEnvironmentWinsOverTheFileAndTheCommandLineOverBoth() {
    Path file = write("http.port: 1\nthreads: 3\nlateness: 1m\n");
    Settings settings =
        SettingsLoader.load(
            Optional.of(file),
            Map.of("WEIR_HTTP_PORT", "2", "WEIR_THREADS", "4"),
            Map.of("http.port", "5"));

    assertThat(settings.get(WeirSettings.HTTP_PORT)).isEqualTo(5);
    assertThat(settings.get(WeirSettings.THREADS)).isEqualTo(4);
    assertThat(settings.get(WeirSettings.LATENESS)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void everySettingHasAVariableOfItsOwn() {
    assertThat(WeirSettings.all())
        .extracting(Setting::variable)
        .doesNotHaveDuplicates()
        .contains("WEIR_HTTP_PORT", "WEIR_TOPICS_DEAD_LETTER", "WEIR_SCHEMA_REGISTRY_URL");
  }

  /** But for state: with {@code state: redis} those below it mean nothing. */
  @Test
  void noSettingsNameIsTheBeginningOfAnother() {
    assertThat(WeirSettings.all())
        .filteredOn(setting -> !setting.equals(WeirSettings.STATE))
        .allSatisfy(
            setting ->
                assertThat(WeirSettings.all())
                    .noneMatch(other -> other.name().startsWith(setting.name() + ".")));
  }

  @Test
  void anUnknownSettingIsReportedWithItsLineAndTheNearestName() {
    assertMistake(
        "threads: 2\nhttp:\n  prot: 1\n",
        ":3: there is no setting http.prot; did you mean http.port?");
  }

  @Test
  void anUnknownSettingThatIsLikeNoneGetsNoSuggestion() {
    assertMistake("colour: green\n", ":1: there is no setting colour");
  }

  @Test
  void anUnknownVariableIsReportedWithTheNearestOne() {
    assertThatThrownBy(() -> load("", Map.of("WEIR_HTTP_PROT", "1")))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "environment variable WEIR_HTTP_PROT: there is no such setting;"
                + " did you mean WEIR_HTTP_PORT?");
  }

  @Test
  void aBadValueInTheEnvironmentNamesTheVariable() {
    assertThatThrownBy(() -> load("", Map.of("WEIR_HTTP_PORT", "80:80")))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "environment variable WEIR_HTTP_PORT: http.port is '80:80';"
                + " it must be a whole number from 0 to 65535");
  }

  @ParameterizedTest
  @CsvSource({
    "WEIR_SERVICE_HOST, 10.0.0.1",
    "WEIR_SERVICE_PORT, 8080",
    "WEIR_SERVICE_PORT_HTTP, 8080",
    "WEIR_PORT, tcp://10.0.0.1:8080",
    "WEIR_PORT_8080_TCP, tcp://10.0.0.1:8080",
    "WEIR_PORT_8080_TCP_ADDR, 10.0.0.1",
    "WEIR_HTTP_PORT, tcp://10.0.0.1:8080",
    "WEIR_KAFKA_SERVICE_HOST, 10.0.0.1",
    "WEIR_KAFKA_PORT, tcp://10.0.0.1:9092",
    "WEIR_SCHEMA_REGISTRY_SERVICE_PORT_HTTP, 8081",
    "WEIR_SCHEMA_REGISTRY_PORT, tcp://10.0.0.1:8081",
    "WEIR_SCHEMA_REGISTRY_PORT_8081_TCP_PROTO, tcp",
    "WEIR_DNS_PORT, udp://10.0.0.1:53",
  })
  void variablesThatTellOfServicesAreIgnoredByName(String variable, String value) {
    Settings settings = load("", Map.of(variable, value));

    assertThat(settings.describe()).isEmpty();
    assertThat(settings.ignoredVariables()).containsExactly(variable);
  }

  @ParameterizedTest
  @ValueSource(strings = {"WEIR_CONFIG", "WEIR_URL", "WEIR_CLASSPATH", "PATH"})
  void otherVariablesAreNoSettings(String variable) {
    Settings settings = load("", Map.of(variable, "x"));

    assertThat(settings.describe()).isEmpty();
    assertThat(settings.ignoredVariables()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WEIR_PORT", "WEIR_HTTPS_PORT"})
  void whatOnlyEndsLikeAServicesVariableIsAMistake(String variable) {
    assertThatThrownBy(() -> load("", Map.of(variable, "8080")))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("environment variable " + variable + ": there is no such setting");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http.port: abc                     | http.port is 'abc'; it must be a whole number from 0 to 65535
          http.port: 65536                   | http.port is '65536'; it must be a whole number from 0 to 65535
          http.port: 99999999999             | it must be a whole number from 0 to 65535
          lateness: 5                        | lateness is '5'; it must be a duration from 0ms to 1d, such as 100ms, 5s, 10m, 2h or 1d
          lateness: 2d                       | it must be a duration from 0ms to 1d
          lateness: -1s                      | it must be a duration
          timestamp.tolerance: 1h            | it must be a duration from 1s to 59m
          rocksdb.block.cache: 64MB          | it must be a size of 1MiB or more, such as 64MiB or 1GiB
          expiry.step.time: 5s               | expiry.step.time is '5s'; it must be a duration from 1ms to 100ms, such as 100ms
          duplicates.horizon: off            | duplicates.horizon is 'off'; it must be a duration from 1s to 7d, such as 5s, 10m, 2h or 1d, or left out
          http.advertised: none              | such as weir-1.example.org:8080 or [2001:db8::1]:8080, or left out
          rocksdb.block.cache: 1KiB          | it must be a size of 1MiB or more
          processing.guarantee: exactly_once | it must be exactly_once_v2 or at_least_once
          input.keyed: yes                   | it must be true or false
          bootstrap.servers: broker          | it must be hosts with ports
          bootstrap.servers: "a:1,b"         | it must be hosts with ports
          schema.registry.url: registry:8081 | it must be one or more http:// or https:// addresses
          topics.rules: "a b"                | it must be a topic name
          http.advertised: host              | it must be a host and a port
          http.advertised: "::1:8080"        | it must be a host and a port, such as weir-1.example.org:8080 or [2001:db8::1]:8080
          http.advertised: "hóst:8080"       | it must be a host and a port
          sliding.window.log.max.entries: 0  | it must be a whole number from 1 to 50000
          log.format: xml                    | it must be text or json
          """)
  void aBadValueIsReportedWithWhatWouldBeRight(String line, String message) {
    assertMistake("# a comment\n" + line + "\n", message);
    assertMistake("# a comment\n" + line + "\n", "weir.yml:2: ");
  }

  @Test
  void allMistakesAreReportedInTheOrderOfTheFileAndThenOfTheEnvironment() {
    String text =
        """
        http.port: x
        threads: 0
        colour: green
        lateness:
        kafka.acks: 1
        # 6
        # 7
        # 8
        # 9
        schema.registry.colour: green
        log.format: xml
        """;

    assertThatThrownBy(() -> load(text, Map.of("WEIR_HTTP_HOST", "", "WEIR_BAD", "1")))
        .isInstanceOf(SettingsException.class)
        .extracting(
            thrown ->
                String.valueOf(thrown.getMessage()).lines().map(SettingsLoaderTest::place).toList())
        .isEqualTo(
            List.of(
                "weir.yml:1",
                "weir.yml:2",
                "weir.yml:3",
                "weir.yml:4",
                "weir.yml:5",
                "weir.yml:10",
                "weir.yml:11",
                "environment variable WEIR_BAD",
                "environment variable WEIR_HTTP_HOST"));
  }

  private static String place(String line) {
    String place = line.substring(0, line.indexOf(": "));
    return place.substring(place.lastIndexOf('/') + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auto.register.schema: false         | :2: there is no setting schema.registry.auto.register.schema; did you mean schema.registry.auto.register.schemas?
          ssl.truststore.locatoin: x          | :2: there is no setting schema.registry.ssl.truststore.locatoin; did you mean schema.registry.ssl.truststore.location?
          http.read.timeout.ms: soon          | :2: schema.registry.http.read.timeout.ms is 'soon'; it must be a whole number: [1,...,2147483647]
          use.latest.version: true            | :2: schema.registry.use.latest.version is true; Weir's serde writes with its own schema only
          basic.auth.credentials.source: USER_INFO | schema.registry.basic.auth.user.info is missing; basic.auth.credentials.source=USER_INFO asks for it
          retries.wait.ms: 9000               | :2: schema.registry.retries.wait.ms
          """)
  void aMistakeAboutTheRegistryIsReportedWithItsLineToo(String line, String message) {
    assertMistake("schema.registry:\n  " + line + "\n", message);
  }

  @Test
  void namesOfAnotherSerdeAreWarnedOfAndPassedOn() {
    Settings settings =
        load("serde.class: a.Serde\nschema.registry.context.name.strategy: mine\n", Map.of());

    assertThat(settings.warnings())
        .singleElement()
        .asString()
        .endsWith(
            "weir.yml:2: for Weir's own serde there is no setting"
                + " schema.registry.context.name.strategy; a.Serde gets it as it is");
    assertThat(settings.serdeProperties()).containsEntry("context.name.strategy", "mine");
  }

  @Test
  void aFileThatIsADirectoryIsSaidToBe() {
    assertThatThrownBy(() -> SettingsLoader.load(Optional.of(directory), Map.of(), Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(directory + ": is a directory; name a file in it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'http.port: 1%nhttp: {port: 2}'  | :2: http.port is set in line 1 already
          'http:'                          | :1: http has no value; leave the line out
          '- a'                            | :1: settings are written as "name: value"
          'http: [{port: 1}]'              | :1: http is a list of something other than words
          'http: {'                        | :1: is not YAML; look at the indentation, the colons, brackets and quotes
          'http: 1%n  port: 2'             | :2: is not YAML; look at the indentation
          'http: 1%nx: *foo'               | :2: *foo stands for what is marked with &foo, but nothing before it is
          'x: "C:\\work"'                  | :1: \\w means nothing between double quotes; between single quotes
          'http: 1%nx:%n\ty: 1'            | :3: has a tab where YAML allows only spaces
          'http: 1%nx: \u0001'             | :2: has the control character U+0001, which YAML does not allow
          '? [a]%n: b'                     | a setting's name is a dotted word
          """)
  void whatIsNoSettingsFileIsReportedWithItsLine(String text, String message) {
    assertMistake(text.formatted(), message);
  }

  @Test
  void aFileThatIsMissingIsSaidToBe() {
    Path missing = directory.resolve("missing.yml");
    assertThatThrownBy(() -> SettingsLoader.load(Optional.of(missing), Map.of(), Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(missing + ": there is no such file");
  }

  @Test
  void twoTopicsOfOneNameAreRefused() {
    assertMistake(
        "topics.decisions: weir.requests\n",
        "topics.requests and topics.decisions are both 'weir.requests'; each needs a topic of its"
            + " own");
  }

  @Test
  void commitsThatOutlastTheTransactionAreRefusedUnderExactlyOnceOnly() {
    assertMistake("commit.interval: 30s\n", "commit.interval is 30000 ms, but brokers abort");
    assertThat(
            load("commit.interval: 30s\nprocessing.guarantee: at_least_once\n", Map.of())
                .get(WeirSettings.COMMIT_INTERVAL))
        .contains(Duration.ofSeconds(30));
    assertThat(
            load("commit.interval: 30s\nkafka.producer.transaction.timeout.ms: 60000\n", Map.of())
                .get(WeirSettings.COMMIT_INTERVAL))
        .contains(Duration.ofSeconds(30));
  }

  @Test
  void writeBuffersBeyondTheCacheThatTheyCountAgainstAreRefused() {
    assertMistake(
        "rocksdb.block.cache: 8MiB\n",
        "rocksdb.write.buffers is 64MiB, but counts against rocksdb.block.cache, 8MiB; it must not"
            + " be more");
  }

  @Test
  void certificatesOfTheGrpcServerComeTogether() {
    assertMistake(
        "grpc.tls.certificate: server.pem\n",
        "weir.yml:1: grpc.tls.certificate is set, but not grpc.tls.key; set both or neither");
    assertMistake(
        "grpc.tls.key: server.key\n",
        "weir.yml:1: grpc.tls.key is set, but not grpc.tls.certificate; set both or neither");
    assertMistake(
        "grpc.tls.client.ca: ca.pem\n",
        "weir.yml:1: grpc.tls.client.ca is set, but not grpc.tls.certificate; clients are asked for"
            + " certificates over TLS only, which needs grpc.tls.certificate and grpc.tls.key");
    Settings settings =
        load("grpc.tls: {certificate: server.pem, key: server.key, client.ca: ca.pem}\n", Map.of());
    assertThat(settings.get(WeirSettings.GRPC_TLS_CLIENT_CA)).hasValue(Path.of("ca.pem"));
  }

  @Test
  void tokensAreHeldForTwiceAsLongAsAnswersAreWaitedFor() {
    assertMistake(
        "join.timeout: 90s\n",
        "weir.yml:1: hold.time is 2m (the default), but join.timeout is 90s; set hold.time to"
            + " 180000ms or more, twice join.timeout, or lower join.timeout to 60000ms, or some of"
            + " what is held cannot be given back");
    assertMistake(
        "hold.time: 200ms\n",
        "weir.yml:1: hold.time is 200ms, but join.timeout is 30s (the default); set hold.time to"
            + " 60000ms or more, twice join.timeout, or lower join.timeout to 100ms, or some of"
            + " what is held cannot be given back");
    assertMistake(
        "hold.time: 199ms\n",
        "weir.yml:1: hold.time is 199ms, but join.timeout is 30s (the default); set hold.time to"
            + " 60000ms or more, twice join.timeout, or some of what is held cannot be given back");
    assertThat(load("hold.time: 60s\n", Map.of()).get(WeirSettings.HOLD_TIME))
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void whatHasNoEffectIsWarnedOf() {
    Settings settings =
        load(
            """
            requests.expired.verdict: allow
            duplicates.max.bytes: 1MiB
            repartition.partitions: 12
            input.keyed: true
            """,
            Map.of());

    assertThat(settings.warnings())
        .satisfiesExactly(
            it ->
                assertThat(it)
                    .endsWith(
                        "weir.yml:1: requests.expired.verdict has no effect without"
                            + " requests.max.age"),
            it ->
                assertThat(it)
                    .endsWith(
                        "weir.yml:2: duplicates.max.bytes has no effect without"
                            + " duplicates.horizon"),
            it ->
                assertThat(it)
                    .endsWith("weir.yml:3: repartition.partitions has no effect with input.keyed"));
    assertThat(load("repartition.partitions: 12\n", Map.of()).warnings()).isEmpty();
    assertThat(load("input.keyed: true\n", Map.of()).warnings()).isEmpty();
    assertThat(
            load(
                    """
                    requests: {expired.verdict: allow, max.age: 1h}
                    duplicates: {max.bytes: 1MiB, horizon: 1m}
                    """,
                    Map.of())
                .warnings())
        .isEmpty();
    assertThat(
            load("requests.expired.verdict: DENY\nduplicates.max.bytes: 32768KiB\n", Map.of())
                .warnings())
        .as("the defaults, written out")
        .isEmpty();
  }

  @Test
  void fewerHoldsThanSecondsOfWaitingAreWarnedOf() {
    assertThat(load("holds.max: 29\n", Map.of()).warnings())
        .singleElement()
        .asString()
        .endsWith(
            "weir.yml:1: holds.max is 29, and join.timeout is 30s (the default): of an identifier"
                + " with a request a second, what is held for a request that waits so long is taken"
                + " for good before it is given back");
    assertThat(load("holds.max: 30\n", Map.of()).warnings()).isEmpty();
    assertThat(load("join.timeout: 1001s\nhold.time: 1h\n", Map.of()).warnings())
        .singleElement()
        .asString()
        .contains("weir.yml:1: holds.max is 1000 (the default), and join.timeout is 1001s: ");
  }

  @Test
  void aTildeIsTheHomeDirectory() {
    assertThat(load("state.dir: ~/weir\n", Map.of()).get(WeirSettings.STATE_DIR))
        .isEqualTo(Path.of(System.getProperty("user.home"), "weir"));
  }

  private void assertMistake(String text, String message) {
    assertThatThrownBy(() -> load(text, Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(message);
  }

  private Settings load(String text, Map<String, String> environment) {
    return SettingsLoader.load(Optional.of(write(text)), environment, Map.of());
  }

  private Path write(String text) {
    try {
      return Files.writeString(directory.resolve("weir.yml"), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
