package io.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    assertThat(settings.describe()).containsExactly(Map.entry("http.port", "9000"));
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
    assertThat(settings.get(WeirSettings.COMMIT_INTERVAL)).isEqualTo(Duration.ofMillis(50));
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

  @Test
  void noSettingsNameIsTheBeginningOfAnother() {
    assertThat(WeirSettings.all())
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
    assertThatThrownBy(() -> load("", Map.of("WEIR_HTTP_PORT", "tcp://10.0.0.1:80")))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "WEIR_HTTP_PORT: http.port is 'tcp://10.0.0.1:80';"
                + " it must be a whole number from 0 to 65535");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WEIR_SERVICE_HOST",
        "WEIR_SERVICE_PORT",
        "WEIR_SERVICE_PORT_HTTP",
        "WEIR_PORT",
        "WEIR_PORT_8080_TCP_ADDR",
        "WEIR_CONFIG",
        "PATH"
      })
  void variablesOfKubernetesAndOthersAreNoSettings(String variable) {
    assertThat(load("", Map.of(variable, "x")).describe()).isEmpty();
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
          rocksdb.block.cache: 64MB          | it must be a size of 1MiB or more, such as 512KiB, 64MiB or 1GiB
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
  void allMistakesAreReportedTogether() {
    assertMistake("http.port: x\nthreads: 0\ncolour: green\n", "weir.yml:1: ");
    assertMistake("http.port: x\nthreads: 0\ncolour: green\n", "weir.yml:2: ");
    assertMistake("http.port: x\nthreads: 0\ncolour: green\n", "weir.yml:3: ");
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
          'http: {'                        | is not YAML
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
    assertMistake("commit.interval: 30s\n", "commit.interval is 30s, but brokers abort");
    assertThat(
            load("commit.interval: 30s\nprocessing.guarantee: at_least_once\n", Map.of())
                .get(WeirSettings.COMMIT_INTERVAL))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(
            load("commit.interval: 30s\nkafka.producer.transaction.timeout.ms: 60000\n", Map.of())
                .get(WeirSettings.COMMIT_INTERVAL))
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void writeBuffersBeyondTheCacheThatTheyCountAgainstAreRefused() {
    assertMistake(
        "rocksdb.block.cache: 8MiB\n",
        "rocksdb.write.buffers is 64MiB, but counts against rocksdb.block.cache, 8MiB; it must not"
            + " be more");
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
