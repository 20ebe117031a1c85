package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.Commands.Result;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RealBroker.class)
class TopicsAndRulesIT {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: minute, requests_per_unit: 3}
      """;

  @TempDir Path directory;
  private final KafkaProcess kafka;
  private final RegistryProcess registry;
  private RealWeir weir = new RealWeir(Map.of(), Path.of(""), "");

  TopicsAndRulesIT(KafkaProcess kafka, RegistryProcess registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  @BeforeEach
  void takeAPlace() {
    weir = RealWeir.in(directory, kafka, registry);
  }

  @Test
  void topicsAreCreatedOnceAndThenAreAsDeclared() {
    Result missing = run("topics", "check", "--replicas", "1");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.out().lines()).hasSize(6);
    assertThat(missing.out()).contains(weir.name() + ".rules").contains("missing");
    assertThat(missing.err())
        .endsWith(
            """
            error: 5 differences from what is declared
            hint: ./weir topics apply makes what is missing and changes what can be changed
            """);

    Result dry = run("topics", "apply", "--replicas", "1", "--dry-run");
    assertThat(dry.code()).isZero();
    assertThat(dry.err()).contains("Nothing was done");
    assertThat(run("topics", "check", "--replicas", "1").code()).isEqualTo(1);

    Result created = run("topics", "apply", "--replicas", "1", "--json");
    assertThat(created.code()).isZero();
    assertThat(created.out())
        .contains(
            "{\"topic\":\""
                + weir.name()
                + ".rules\",\"outcome\":\"CREATED\",\"done\":[\"1 partition, 1 replica\"],"
                + "\"left\":[]}");

    assertThat(run("topics", "check", "--replicas", "1"))
        .isEqualTo(new Result(0, "All 5 topics are as declared." + System.lineSeparator(), ""));
    assertThat(run("topics", "apply", "--replicas", "1").out()).doesNotContain("created");
  }

  @Test
  void configurationIsSetButPartitionsAreAddedOnlyWhenAskedFor() throws IOException {
    run("topics", "apply", "--replicas", "1");
    String name = weir.name() + ".requests";
    Files.writeString(
        weir.topicsFile(),
        """
        apiVersion: kafka.jikkou.io/v1
        kind: KafkaTopic
        metadata: {name: %s}
        spec: {partitions: 3, replicas: 1, configs: {retention.ms: 7200000}}
        """
            .formatted(name));

    Result applied = run("topics", "apply");
    assertThat(applied.code()).isEqualTo(1);
    assertThat(applied.out().lines().map(line -> line.replaceAll(" +", " ")))
        .anyMatch(line -> line.equals(name + " changed retention.ms: 86400000 → 7200000"))
        .anyMatch(line -> line.startsWith(name + " differs partitions is 2, declared 3; adding"));
    assertThat(run("topics", "check").out()).contains("partitions").doesNotContain("retention.ms");

    assertThat(run("topics", "apply", "--add-partitions").code()).isZero();
    assertThat(run("topics", "check").code()).isZero();
  }

  @Test
  void moreReplicasThanBrokersAreRefusedBeforeAnythingIsDone() {
    Result refused = run("topics", "apply");

    assertThat(refused.code()).isEqualTo(Weir.FAILED);
    assertThat(refused.err().lines())
        .containsExactly(
            "error: "
                + weir.name()
                + ".requests is declared with 3 replicas, but the cluster has 1 broker",
            "hint: --replicas 1 makes as many as there are brokers, of every topic");
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void replicasThatMustBeInSyncStayWithinThoseThereAre() {
    run("topics", "apply", "--replicas", "1");

    Result applied = run("topics", "apply");

    assertThat(applied.code()).isEqualTo(1);
    assertThat(applied.out())
        .contains("replicas is 1, declared 3;")
        .contains("min.insync.replicas is 1, declared 2; with so few replicas nobody could write")
        .doesNotContain("changed");
    assertThat(run("topics", "check", "--replicas", "1").code()).isZero();
  }

  @Test
  void requestsForATopicThatIsNotThereAreNotSent() {
    Result result = run("send", "--domain", "api", "user_id=42");

    assertThat(result.code()).isEqualTo(Weir.FAILED);
    assertThat(result.err().lines())
        .containsExactly(
            "error: the topic " + weir.name() + ".requests does not exist",
            "hint: ./weir topics apply creates what is missing");
  }

  @Test
  void rulesAreAppliedListedChangedAndDeleted() throws IOException {
    run("topics", "apply", "--replicas", "1");
    Path file = Files.writeString(directory.resolve("api.yaml"), RULES);

    Result dry = run("rules", "apply", "--dry-run", file.toString());
    assertThat(dry.out())
        .isEqualTo("api: would be created\n  + user_id: 3 per minute, fixed_window\n");
    assertThat(run("rules", "list"))
        .isEqualTo(
            new Result(
                0,
                "",
                "There are no rules in "
                    + weir.name()
                    + ".rules; ./weir rules apply FILE puts some there."
                    + System.lineSeparator()));

    Result created = run("rules", "apply", file.toString());
    assertThat(created.err()).isEmpty();
    assertThat(created.out())
        .isEqualTo("api: created, revision 0\n  + user_id: 3 per minute, fixed_window\n");

    Result listed = run("rules", "list");
    assertThat(listed.out()).contains("# revision 0, written ").contains("requests_per_unit: 3");

    assertThat(weir.commands().withInput(listed.out()).run("rules", "apply", "-").out())
        .isEqualTo("api: unchanged, revision 0\n");

    Files.writeString(
        file, RULES.replace("unit: 3", "unit: 5") + "---\n" + RULES.replace("api", "web"));
    Result changed = run("rules", "apply", "--json", file.toString());
    assertThat(changed.out())
        .isEqualTo(
            "[{\"domain\":\"api\",\"outcome\":\"changed\",\"revision\":1,\"changes\":[\"~ user_id:"
                + " 3 per minute, fixed_window → 5 per minute, fixed_window\"]},"
                + "{\"domain\":\"web\",\"outcome\":\"created\",\"revision\":2,\"changes\":"
                + "[\"+ user_id: 3 per minute, fixed_window\"]}]\n");

    assertThat(run("rules", "list", "--domain", "web", "--json").out())
        .startsWith("[{\"domain\":\"web\",\"revision\":2,")
        .contains("\"source\":\"" + file + "\"");

    Result unasked = run("rules", "delete", "web");
    assertThat(unasked.code()).isEqualTo(Weir.FAILED);
    assertThat(unasked.err()).contains("nothing was deleted").contains("--yes");

    Result refused = weir.commands().withTerminal().withInput("n\n").run("rules", "delete", "web");
    assertThat(refused.code()).isEqualTo(Weir.FAILED);

    Result deleted = weir.commands().withTerminal().withInput("y\n").run("rules", "delete", "web");
    assertThat(deleted.out()).isEqualTo("web: deleted, revision 3\n");
    assertThat(run("rules", "delete", "api", "--yes").code()).isZero();
    assertThat(run("rules", "list").out()).isEmpty();
    assertThat(run("rules", "list", "--domain", "web").err())
        .contains("there are no rules of the domain web");
  }

  @Test
  void aBadRecordIsToldAndTheRulesBeforeItCanBeAppliedAgain() throws IOException {
    run("topics", "apply", "--replicas", "1");
    Path file = Files.writeString(directory.resolve("api.yaml"), RULES);
    run("rules", "apply", file.toString());
    writeRules("api", "not Avro");

    Result listed = run("rules", "list");
    assertThat(listed.out()).contains("# revision 0, written ").contains("requests_per_unit: 3");
    assertThat(listed.err())
        .startsWith("warning: the record of the domain api at offset 1 is skipped: its value")
        .contains(
            "; revision 0 stays in force until the topic is compacted and an instance starts");
    assertThat(run("rules", "list", "--json").out())
        .contains("\"revision\":0,", "\"problem\":\"its value", "\"problem_revision\":1}");

    assertThat(run("rules", "apply", "--dry-run", file.toString()).out())
        .isEqualTo("api: would be repaired\n");
    assertThat(run("rules", "apply", file.toString()).out())
        .isEqualTo("api: repaired, revision 2\n");
    assertThat(run("rules", "list").err()).isEmpty();
  }

  @Test
  void rulesInForceStaySoWhereTheLogMayHoldFewerEntriesNow() throws IOException {
    run("topics", "apply", "--replicas", "1");
    Path file =
        Files.writeString(
            directory.resolve("api.yaml"),
            RULES.replace("{unit: minute", "{algorithm: sliding_window_log, unit: minute"));
    assertThat(run("rules", "apply", file.toString()).code()).isZero();
    weir.environment().put("WEIR_SLIDING_WINDOW_LOG_MAX_ENTRIES", "2");

    Result listed = run("rules", "list");
    assertThat(listed.err()).isEmpty();
    assertThat(listed.out()).contains("requests_per_unit: 3");

    Result refused = run("rules", "apply", file.toString());
    assertThat(refused.code()).isEqualTo(Weir.FAILED);
    assertThat(refused.err()).contains("api.yaml:");
  }

  @Test
  void declaredTopicsGetTheNamesOfTheSettings() {
    weir.environment().remove("WEIR_TOPICS_FILE");

    Result applied = run("topics", "apply", "--replicas", "1");

    assertThat(applied.code()).as(applied.toString()).isZero();
    assertThat(applied.out()).contains(weir.name() + ".requests").doesNotContain("weir.requests");
    assertThat(run("topics", "check", "--replicas", "1").code()).isZero();
  }

  @Test
  void withoutTheTopicTheHintSaysWhatCreatesIt() {
    Result result = run("rules", "list");

    assertThat(result.code()).isEqualTo(Weir.FAILED);
    assertThat(result.err())
        .contains("error: the topic " + weir.name() + ".rules does not exist")
        .contains("hint: ./weir topics apply creates what is missing");
  }

  private void writeRules(String key, String value) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      var unused = producer.send(new ProducerRecord<>(weir.name() + ".rules", key, value));
    }
  }

  private Result run(String... arguments) {
    return weir.commands().run(arguments);
  }
}
