package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.RealBroker;
import io.weir.streams.topology.DeadLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands together, the application in a process of its own. */
@ExtendWith(RealBroker.class)
class RunIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int ENDED_BY_SIGTERM = 143;

  @TempDir Path directory;
  private final KafkaProcess kafka;
  private final RegistryProcess registry;
  private RealWeir weir = new RealWeir(Map.of(), Path.of(""), "");

  RunIT(KafkaProcess kafka, RegistryProcess registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  @BeforeEach
  void takeAPlace() {
    weir = RealWeir.in(directory, kafka, registry);
  }

  @Test
  void requestsThatAreSentAreDecidedAndSeen() throws IOException, InterruptedException {
    makeTopicsAndRules(3);
    Path log = directory.resolve("run.log");
    Process application = RunProcess.start(log, with(Map.of("WEIR_LOG_FORMAT", "json")));
    try {
      assertThat(run("send", "--domain", "api", "user_id=42", "--count", "5").out())
          .isEqualTo("sent 5 requests to " + weir.name() + ".requests\n");
      Path file =
          Files.writeString(
              directory.resolve("requests.jsonl"),
              """
              {"request_id": "mine", "domain": "api", "attributes": {"user_id": 7}}

              {"request_id": "bad", "attributes": {}}
              """);
      Result sent = run("send", "--json", file.toString());
      assertThat(sent.code()).isEqualTo(1);
      assertThat(sent.err()).isEqualTo("error: " + file + ":3: domain is missing\n");
      assertThat(sent.out())
          .contains("{\"request_id\":\"mine\",\"topic\":\"" + weir.name() + ".requests\"");

      Result watched =
          run(
              "watch",
              "--from-beginning",
              "--identifier",
              "api/user_id=42",
              "--max",
              "5",
              "--for",
              "60s");
      assertThat(watched.out().lines().map(line -> json(line).get("verdict").textValue()))
          .containsExactly("ALLOW", "ALLOW", "ALLOW", "DENY", "DENY");

      Result table =
          run(
              "watch",
              "--from-beginning",
              "--request-id",
              "mine",
              "--max",
              "1",
              "--for",
              "60s",
              "--output",
              "table");
      assertThat(table.out()).contains("VERDICT").contains("ALLOW").contains("api/user_id=7");
      assertThat(table.err()).isEqualTo("watching " + weir.name() + ".decisions\n");
    } finally {
      RunProcess.end(application);
    }
    assertThat(application.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(application.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(members())
        .as("it left the group, where a killed one is missed after the session timeout only")
        .isEmpty();
    assertThat(Files.readAllLines(log))
        .as("log lines")
        .isNotEmpty()
        .allSatisfy(line -> assertThat(json(line).get("formattedMessage").textValue()).isNotEmpty())
        .anyMatch(line -> line.contains("application.id=" + weir.name()));
  }

  @Test
  void inKeyedModeRequestsAreSentWithTheirIdentifierAsKey() throws IOException {
    weir.environment().put("WEIR_INPUT_KEYED", "true");
    makeTopicsAndRules(2);
    Process application = RunProcess.start(directory.resolve("run.log"), weir.environment());
    try {
      for (int user = 0; user < 4; user++) {
        run("send", "--domain", "api", "user_id=" + user, "--count", "3");
      }
      Result watched = run("watch", "--from-beginning", "--max", "12", "--for", "60s");
      assertThat(watched.out().lines().map(line -> json(line).get("reason").textValue()))
          .containsOnly("WITHIN_LIMIT", "OVER_LIMIT")
          .filteredOn("OVER_LIMIT"::equals)
          .hasSize(4);
    } finally {
      RunProcess.end(application);
    }
  }

  @Test
  void aDeadLetterIsNoLargerThanItsTopicTakes() throws Exception {
    makeTopicsAndRules(3);
    ConfigResource deadLetters =
        new ConfigResource(ConfigResource.Type.TOPIC, weir.name() + ".dead-letter");
    try (Admin admin = admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  deadLetters,
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("max.message.bytes", "20000"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
    Process application = RunProcess.start(directory.resolve("run.log"), weir.environment());
    Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer());
        TopicReader letters = TopicReader.open(clients, deadLetters.name())) {
      producer.send(new ProducerRecord<>(weir.name() + ".requests", new byte[30_000])).get();
      List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> found = new ArrayList<>();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                letters.poll(Duration.ofMillis(100), found::add);
                return !found.isEmpty();
              });
      assertThat(found.get(0).value()).isEmpty();
      assertThat(found.get(0).headers().lastHeader(DeadLetters.DROPPED_BYTES_HEADER).value())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("30000");
      assertThat(application.isAlive()).isTrue();
    } finally {
      RunProcess.end(application);
    }
  }

  @Test
  void theStartIsRefusedWhereTopicsAreMissing() throws InterruptedException, IOException {
    Path log = directory.resolve("run.log");
    Process application = RunProcess.launch(log, weir.environment());

    assertThat(application.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(application.exitValue()).isEqualTo(Weir.FAILED);
    assertThat(Files.readString(log))
        .contains("error: the topics are not as they must be: ")
        .contains(weir.name() + ".requests does not exist")
        .contains("hint: ./weir topics apply creates what is missing")
        .doesNotContain("\tat ");
  }

  @Test
  void aStopWhileTheRulesAreBeingLoadedIsCleanAndQuiet() throws Exception {
    makeTopicsAndRules(3);
    Path log = directory.resolve("run.log");
    Process application =
        RunProcess.launch(log, with(Map.of("WEIR_SCHEMA_REGISTRY_URL", "http://127.0.0.1:1")));
    await().atMost(PATIENCE).until(() -> Files.readString(log).contains("records wait"));

    application.destroy();

    assertThat(application.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(application.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(Files.readString(log))
        .contains("Stopped")
        .doesNotContain("ERROR", "error", "Exception", "\tat ");
  }

  @Test
  void aBrokerThatIsNotThereIsNamedOnceWhileItIsWaitedFor() throws Exception {
    Path log = directory.resolve("run.log");
    Process application =
        RunProcess.launch(log, with(Map.of("WEIR_BOOTSTRAP_SERVERS", "127.0.0.1:1")));

    assertThat(application.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(application.exitValue()).isEqualTo(Weir.FAILED);
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.contains("Waiting for a broker at 127.0.0.1:1"))
        .hasSize(1);
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.contains("could not be established"))
        .hasSize(1);
  }

  private List<MemberDescription> members() {
    try (Admin admin = admin()) {
      return admin.describeConsumerGroups(List.of(weir.name())).all().get().values().stream()
          .flatMap(group -> group.members().stream())
          .toList();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private Admin admin() {
    return Admin.create(Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()));
  }

  private void makeTopicsAndRules(int requestsPerYear) throws IOException {
    run("topics", "apply", "--replicas", "1");
    Path rules =
        Files.writeString(
            directory.resolve("api.yaml"),
            """
            domain: api
            descriptors:
              - key: user_id
                rate_limit: {unit: year, requests_per_unit: %d}
            """
                .formatted(requestsPerYear));
    assertThat(run("rules", "apply", rules.toString()).code()).isZero();
  }

  private Map<String, String> with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(weir.environment());
    all.putAll(more);
    return all;
  }

  private Result run(String... arguments) {
    return weir.commands().run(arguments);
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }
}
