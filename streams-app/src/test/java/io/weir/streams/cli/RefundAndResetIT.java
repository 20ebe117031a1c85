package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that give back and start over, with an application that answers. */
@ExtendWith(RealBroker.class)
class RefundAndResetIT {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          descriptors:
            - {key: endpoint, rate_limit: {name: calls, unit: year, requests_per_unit: 3}}
        - key: ip
          rate_limit: {name: per-ip, unit: year, requests_per_unit: 5}
      """;

  private final KafkaProcess kafka;
  private final RegistryProcess registry;

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init") // JUnit injects the directory
  RefundAndResetIT(KafkaProcess kafka, RegistryProcess registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasTakenComesBackOrIsForgotten(boolean inputKeyed)
      throws IOException, InterruptedException {
    RealWeir weir = RealWeir.in(directory, kafka, registry);
    weir.environment().put("WEIR_INPUT_KEYED", String.valueOf(inputKeyed));
    Commands commands = weir.commands();
    Path rules = Files.writeString(directory.resolve("api.yaml"), RULES);
    assertThat(commands.run("topics", "apply", "--replicas", "1").code()).isZero();
    assertThat(commands.run("rules", "apply", rules.toString()).code()).isZero();

    Result unanswered =
        commands.run("reset -d api ip=::1 --wait 100ms --request-id early".split(" "));
    assertThat(unanswered.code()).isEqualTo(1);
    assertThat(unanswered.err())
        .contains("error: no answer to request ", " came on " + weir.name() + ".decisions within")
        .contains("hint: is an instance running?");
    Result sent = commands.run("reset", "-d", "api", "ip=::1", "--no-wait", "--request-id", "x");
    assertThat(sent).isEqualTo(new Result(0, "sent reset x to " + weir.name() + ".requests\n", ""));

    Process application = RunProcess.start(directory.resolve("run.log"), weir.environment());
    try {
      // Nothing orders requests that came on several partitions: let these pass first.
      assertAnswered(commands, "early");
      assertAnswered(commands, "x");
      takeAndGiveBack(commands);
    } finally {
      RunProcess.end(application);
      application.waitFor();
    }
  }

  private static void takeAndGiveBack(Commands commands) throws IOException {
    String request =
        """
        {"request_id": "r-1", "domain": "api", "cost": 3,
         "attributes": {"user_id": "42", "endpoint": "/x", "ip": "::1"}}"""
            .replace("\n", "");
    assertOk(commands.withInput(request).run("send"));
    Result charged =
        commands.run("watch --from-beginning --request-id r-1 --max 1 --for 60s --json".split(" "));
    assertThat(charged.out()).contains("\"verdict\":\"ALLOW\"").contains("\"remaining\":0");

    Result refunded =
        commands
            .withInput(charged.out())
            .run("refund user_id=42 endpoint=/x ip=::1 --decision - --cost 2".split(" "));
    assertOk(refunded);
    JsonNode decision = new ObjectMapper().readTree(charged.out());
    String time = Instant.ofEpochMilli(decision.path("evaluation_time").asLong()).toString();
    assertThat(refunded.out().lines().map(line -> line.replaceAll("in \\S+( \\S+)?", "later")))
        .containsExactly(
            "api/user_id=42: refunded up to 2 tokens charged at " + time,
            "api/ip=%3A%3A1: refunded up to 2 tokens charged at " + time,
            "IDENTIFIER      RULE    LIMIT     REMAINING  FULL AGAIN",
            "api/user_id=42  calls   3 / 365d  2          later",
            "api/ip=%3A%3A1  per-ip  5 / 365d  4          later");

    Result byTime =
        commands.run(
            "refund", "-d", "api", "user_id=42", "endpoint=/x", "--charged-at", time, "--json");
    assertOk(byTime);
    assertThat(byTime.out()).contains("\"reason\":\"REFUNDED\"").contains("\"remaining\":3");

    String alone =
        """
        {"request_id": "r-3", "domain": "api", "attributes": {"user_id": "42", "endpoint": "/x"}}""";
    assertOk(commands.withInput(alone).run("send"));
    Result aloneCharged =
        commands.run("watch --from-beginning --request-id r-3 --max 1 --for 60s --json".split(" "));
    Result tooMuch =
        commands
            .withInput(aloneCharged.out())
            .run("refund user_id=42 endpoint=/x ip=::1 --decision -".split(" "));
    assertThat(tooMuch.code()).isEqualTo(1);
    assertThat(tooMuch.err())
        .contains(
            "error: standard input: no limit of the decision is of ip, but of user_id, endpoint\n");

    // No limit applies to the user alone; keyed input needs the identifier as the key all the same.
    Result reset = commands.run("reset", "api", "user_id=42", "ip=::1");
    assertOk(reset);
    assertThat(reset.out())
        .startsWith("api/user_id=42: reset\napi/ip=%3A%3A1: reset\n")
        .contains("per-ip", " 5          now");
    String line =
        """
        {"request_id": "r-2", "domain": "api", "operation": "RESET", "attributes": {"user_id": "7"}}""";
    assertOk(commands.withInput(line).run("send"));
    assertThat(
            commands
                .run("watch --from-beginning --request-id r-2 --max 1 --for 60s --json".split(" "))
                .out())
        .contains("\"identifier\":\"api/user_id=7\"", "\"reason\":\"RESET\"");

    Result nobody = commands.run("reset", "--domain", "web", "user_id=42");
    assertThat(nobody)
        .isEqualTo(
            new Result(
                1,
                "",
                """
                error: no rule matches these attributes in the domain web; nothing was reset
                hint: ./weir rules list shows the rules in force
                """));
    Result refused = commands.run("reset", "--domain", "api", "ip=", "--json");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).contains("\"reason\":\"INVALID_REQUEST\"");
    assertThat(refused.err()).startsWith("error: the reset was refused: ");
  }

  private static void assertAnswered(Commands commands, String requestId) {
    Result answer =
        commands.run(
            "watch",
            "--from-beginning",
            "--request-id",
            requestId,
            "--max",
            "1",
            "--for",
            "60s",
            "--json");
    assertThat(answer.out()).contains("\"reason\":\"RESET\"");
  }

  private static void assertOk(Result result) {
    assertThat(result.code()).as(result.err()).isZero();
  }
}
