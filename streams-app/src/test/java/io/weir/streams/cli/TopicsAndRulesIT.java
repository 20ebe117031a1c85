package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.RealBroker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
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
import picocli.CommandLine;

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
  void aTopicThatIsOfNoUseWithStateInRedisIsNeitherMissedNorCreated() {
    weir.environment().put("WEIR_STATE", "redis");
    String releases = weir.name() + ".releases";

    assertThat(run("topics", "check", "--replicas", "1").out())
        .contains(weir.name() + ".requests")
        .doesNotContain(releases);
    Result applied = run("topics", "apply", "--replicas", "1");
    assertThat(applied.out()).doesNotContain(releases);
    assertThat(applied.err())
        .contains("warning: " + releases + " of " + weir.topicsFile() + " is left out: ");
    assertThat(run("topics", "check", "--replicas", "1").out())
        .startsWith("All 4 topics are as declared.");
  }

  @Test
  void schemasAreRegisteredOnce() throws IOException {
    Result first = run("schemas", "register", "--json");
    assertThat(first.code()).isZero();
    JsonNode registered = new ObjectMapper().readTree(first.out());
    assertThat(registered).hasSize(8);
    assertThat(registered.findValuesAsText("version")).containsOnly("1");
    assertThat(registered.path(2).path("subject").asText()).isEqualTo(weir.name() + ".rules-value");
    assertThat(registered.path(2).path("schema").asText()).isEqualTo("DomainRules");

    assertThat(run("schemas", "register", "--json")).isEqualTo(first);
    run("topics", "apply", "--replicas", "1");
    Path rules = Files.writeString(directory.resolve("rules.yaml"), RULES);
    assertThat(run("rules", "apply", rules.toString()).code()).isZero();
    assertThat(run("schemas", "register").out())
        .as("what writes registers the same schema")
        .containsPattern(
            weir.name()
                + "\\.rules-value +1 +"
                + registered.path(2).path("id").asInt()
                + " +DomainRules");
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

    String plan =
        """
        api: to be created
          + user_id: 3 per minute, fixed_window
          A limit that is added, or has another key now, and was there before finds what was used under it, unless that has expired.
        Plan: 1 to add, 0 to change, 0 to remove in 1 domain
        """;
    assertThat(run("rules", "apply", "--dry-run", file.toString()))
        .isEqualTo(new Result(0, plan, ""));
    assertThat(run("rules", "apply", "--check", file.toString()))
        .isEqualTo(
            new Result(
                1,
                plan,
                """
                error: the rules in force are not those of %s
                hint: ./weir rules apply without --check puts these in force
                """
                    .formatted(file)));
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
        .isEqualTo(
            plan
                + """
                api: created, revision 0
                Applied: 1 added, 0 changed, 0 removed in 1 domain
                """);

    Result listed = run("rules", "list");
    assertThat(listed.out()).contains("# revision 0, written ").contains("requests_per_unit: 3");

    assertThat(weir.commands().withInput(listed.out()).run("rules", "apply", "-").out())
        .isEqualTo("Nothing to change, in force already: api revision 0\n");
    assertThat(run("rules", "apply", "--check", file.toString()).code()).isZero();

    Files.writeString(
        file, RULES.replace("unit: 3", "unit: 5") + "---\n" + RULES.replace("api", "web"));
    Result changed = run("rules", "apply", "--json", file.toString());
    assertThat(changed.out())
        .isEqualTo(
            """
            [{"domain":"api","outcome":"changed","revision_before":0,"revision":1,"written":true,\
            "changes":[{"change":"changed","limit":"user_id",\
            "before":{"algorithm":"fixed_window","requests_per_unit":3,"unit":"minute"},\
            "after":{"algorithm":"fixed_window","requests_per_unit":5,"unit":"minute"},\
            "usage":"kept","usage_text":"what was used is kept"}]},\
            {"domain":"web","outcome":"created","revision":2,"written":true,\
            "changes":[{"change":"added","limit":"user_id",\
            "after":{"algorithm":"fixed_window","requests_per_unit":3,"unit":"minute"}}]}]
            """);

    assertThat(run("rules", "list", "--domain", "web", "--json").out())
        .startsWith("[{\"domain\":\"web\",\"revision\":2,")
        .contains("\"source\":\"" + file + "\"");

    String goes =
        """
        web: to be deleted, revision 2 is in force
          - user_id: 3 per minute, fixed_window
          What was used under a limit that goes is remembered until it expires: adding the limit\
         again finds it.
        Plan: 0 to add, 0 to change, 1 to remove in 1 domain
        """;
    assertThat(run("rules", "delete", "web", "--dry-run")).isEqualTo(new Result(0, goes, ""));

    assertThat(run("rules", "delete", "web"))
        .as("nobody is there to be asked")
        .isEqualTo(
            new Result(
                1, goes, "error: nothing was deleted\nhint: --yes deletes without asking\n"));

    Result refused = weir.commands().withTerminal().withInput("n\n").run("rules", "delete", "web");
    assertThat(refused.code()).isEqualTo(Weir.FAILED);

    Result deleted = weir.commands().withTerminal().withInput("y\n").run("rules", "delete", "web");
    assertThat(deleted.out()).contains("\u001b[31m  - user_id");
    assertThat(deleted.out().replaceAll("\u001b\\[[0-9]*m", ""))
        .isEqualTo(
            goes
                + """
                web: deleted, revision 2 → 3
                Applied: 0 added, 0 changed, 1 removed in 1 domain
                """);
    assertThat(run("rules", "delete", "web").err())
        .startsWith("error: there are no rules of the domain web; there are those of api\n");
    assertThat(run("rules", "delete", "api", "--yes").code()).isZero();
    assertThat(run("rules", "list").out()).isEmpty();
    assertThat(run("rules", "list", "--domain", "web").err())
        .isEqualTo(
            "error: there are no rules of the domain web, nor of any other; ./weir rules apply puts some in"
                + " force\nhint: rules are read from the topic "
                + weir.name()
                + ".rules\n");
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
        .isEqualTo(
            """
            api: to be repaired, revision 0 is in force; the record after it, at offset 1, is skipped
            Plan: 1 domain to repair
            """);
    assertThat(run("rules", "apply", file.toString()).out())
        .endsWith("api: repaired, revision 0 → 2\nApplied: 1 domain repaired\n");
    assertThat(run("rules", "list").err()).isEmpty();
  }

  @Test
  void whoWritesBetweenPlanAndRecordIsTold() throws IOException {
    run("topics", "apply", "--replicas", "1");
    Path file = Files.writeString(directory.resolve("api.yaml"), RULES);
    Path other =
        Files.writeString(directory.resolve("o.yaml"), RULES.replace("unit: 3", "unit: 4"));
    run("rules", "apply", file.toString());
    Files.writeString(file, RULES.replace("unit: 3", "unit: 5"));
    StringWriter err = new StringWriter();
    StringWriter out = reactingTo("Plan: ", () -> run("rules", "apply", other.toString()));

    int code =
        commandLine("")
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute("rules", "apply", file.toString());

    assertThat(code).isZero();
    assertThat(err.toString())
        .isEqualTo(
            "warning: api: someone else wrote revision 1 after this plan was made; revision 2"
                + " replaced it\n");
    assertThat(out.toString()).contains("requests_per_unit: 3 → 5", "revision 0 → 2");
  }

  @Test
  void rulesThatChangedWhileOneWasAskedAreNotDeleted() throws IOException {
    run("topics", "apply", "--replicas", "1");
    Path file = Files.writeString(directory.resolve("api.yaml"), RULES);
    run("rules", "apply", file.toString());
    Files.writeString(file, RULES.replace("unit: 3", "unit: 5"));
    StringWriter err = reactingTo("[y/N]", () -> run("rules", "apply", file.toString()));
    StringWriter out = new StringWriter();

    int code =
        commandLine("y\n")
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute("rules", "delete", "api");

    assertThat(code).isEqualTo(Weir.FAILED);
    assertThat(err.toString())
        .contains(
            "someone else changed the rules of api meanwhile: revision 1 is there now; nothing was"
                + " deleted");
    assertThat(run("rules", "list").out()).contains("requests_per_unit: 5");
  }

  @Test
  void whatWasWrittenBeforeAFailureIsTold() throws IOException {
    run("topics", "apply", "--replicas", "1");
    Path file =
        Files.writeString(
            directory.resolve("api.yaml"),
            RULES + "---\n" + RULES.replace("api", "web").replace("user_id", "u".repeat(900)));
    weir.environment().put("WEIR_KAFKA_PRODUCER_MAX_REQUEST_SIZE", "800");

    Result failed = run("rules", "apply", file.toString());

    assertThat(failed.code()).isEqualTo(Weir.FAILED);
    assertThat(failed.out()).endsWith("\napi: created, revision 0\nweb: not confirmed\n");
    assertThat(run("rules", "apply", "--json", file.toString()).out())
        .startsWith("[{\"domain\":\"api\",\"outcome\":\"unchanged\",")
        .contains("{\"domain\":\"web\",\"outcome\":\"created\",\"written\":false,");
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

  /** What a command prints, where something happens once it has printed a text. */
  private static StringWriter reactingTo(String text, Runnable reaction) {
    return new StringWriter() {
      private boolean reacted;

      @Override
      public void flush() {
        if (!reacted && toString().contains(text)) {
          reacted = true;
          reaction.run();
        }
      }
    };
  }

  private CommandLine commandLine(String input) {
    return Weir.commandLine(
        new CommandContext(
            weir.environment(),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new Terminal(true, false, false, false)));
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
