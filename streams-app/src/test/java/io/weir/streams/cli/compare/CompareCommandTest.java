package io.weir.streams.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.cli.Commands;
import io.weir.streams.cli.Commands.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 10, burst: 15}
      """;

  private static final String DENYING =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: second, requests_per_unit: 0}
      """;

  private final Commands commands = Commands.in(Map.of());
  private final Path directory;
  private final Path page;

  CompareCommandTest(@TempDir Path directory) {
    this.directory = directory;
    this.page = directory.resolve("page.html");
  }

  @Test
  void allTrafficIsComparedAndThePageWritten() throws Exception {
    Result result = compare("--requests", "10", "--per", "10s");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .startsWith("10 / 10s")
        .contains("steady: ", "burst: ", "spike: ", "on-off: ", "users: ")
        .contains("20 of 10 (2.00 ×)")
        .contains("The page with plots: " + page);
    assertThat(result.err()).isEmpty();
    assertThat(Files.readString(page)).startsWith("<!doctype html>").contains("<h2>spike</h2>");
  }

  @Test
  void jsonHasAllNumbers() throws Exception {
    Result result = compare("spike", "--requests", "10", "--per", "10s", "--json");
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode spike = new ObjectMapper().readTree(result.out()).path("comparisons").path(0);
    assertThat(spike.path("traffic").asText()).isEqualTo("spike");
    JsonNode fixed = spike.path("results").path(0);
    assertThat(fixed.path("contender").asText()).isEqualTo("fixed_window");
    assertThat(fixed.path("worst").path("tokens").asInt()).isEqualTo(20);
    assertThat(fixed.path("admitted").asInt()).isEqualTo(60);
    assertThat(fixed.path("nanos_per_check").asDouble()).isPositive();
    assertThat(Files.readString(page)).as("it was asked for").startsWith("<!doctype html>");
  }

  @Test
  void plotsAreFilesWhereTheyAreAskedFor() throws Exception {
    Path plots = directory.resolve("new/plots");
    Result result = compare("spike", "--requests", "10", "--plots", plots.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("The plots as SVG files: " + plots);
    assertThat(Files.readString(plots.resolve("spike-over-time.svg"))).startsWith("<svg xmlns=");
    try (Stream<Path> files = Files.list(plots)) {
      assertThat(files).hasSize(6);
    }
  }

  @Test
  void requestsOfAFileAreJudgedInTheOrderOfTheirTimes() throws Exception {
    Path file =
        file(
            "requests.jsonl",
            """
            {"time": 1700000001000, "domain": "api", "attributes": {"user_id": 7}, "cost": 2}

            {"time": "2023-11-14T22:13:20Z", "domain": "api", "attributes": {"user_id": 7}}
            """);
    Result result = compare(file.toString(), "--requests", "2", "--json");
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode results =
        new ObjectMapper().readTree(result.out()).path("comparisons").path(0).path("results");
    // One that came first, and two that do not fit behind it.
    assertThat(results).hasSize(5).allMatch(it -> it.path("admitted").asInt() == 1);
  }

  @Test
  void rulesOfOnesOwnJudgeAsWrittenAndWithEachAlgorithm() throws Exception {
    Path rules = file("rules.yaml", RULES);
    Result result = compare("--rule", rules.toString(), "burst", "user_id={user}", "--json");
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode results =
        new ObjectMapper().readTree(result.out()).path("comparisons").path(0).path("results");
    assertThat(results.findValuesAsText("contender"))
        .containsExactly(
            "as written",
            "fixed_window",
            "token_bucket",
            "leaky_bucket",
            "sliding_window_log",
            "sliding_window_counter");
    assertThat(results.path(0).path("admitted")).isEqualTo(results.path(2).path("admitted"));
  }

  @Test
  void madeTrafficIsInProportionToTheLimitThatDenies() throws Exception {
    Path rules =
        file(
            "two.yaml",
            """
            domain: api
            descriptors:
              - key: user_id
                rate_limit: {unit: second, requests_per_unit: 5}
              - key: user_id
                value: user-0
                rate_limit: {unit: minute, requests_per_unit: 30}
                descriptors:
                  - key: endpoint
                    rate_limit: {unit: hour, requests_per_unit: 60}
            """);
    Result result =
        compare("--rule", rules.toString(), "spike", "user_id={user}", "endpoint=/login");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("again just after. The limit is 60 / 1h.");
  }

  @Test
  void theExampleOfRecordedRequestsIsJudged() {
    String examples = Path.of("..", "docs", "examples").toString();
    Result result = compare(examples + "/requests.jsonl", "--requests", "30");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("190 of 225");
    result = compare("--rule", examples + "/rules.yaml", examples + "/requests.jsonl");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("as written").doesNotContain("meet no limit");
  }

  @Test
  void whoWatchesSeesHowFarItIs() {
    Result result =
        new Commands(Map.of(), "", commands.withTerminal().terminal())
            .run("compare", "spike", "--html", page.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("spike", "asked for", "fixed_window", "%", "█");
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    assertRefused(2, "neither traffic nor a file; traffic is one of steady, burst", "spik");
    assertRefused(2, "add --rule FILE", "spike", "user_id=1");
    assertRefused(2, "did you mean accuracy?", "acuracy");
    assertRefused(2, "from 1s to 365d", "spike", "--per", "500ms");
    assertRefused(1, "not a whole number of seconds", "spike", "--per", "1500ms");
    assertRefused(2, "a whole number, 0 or more", "spike", "--seed", "abc");
    String taken = file("taken", "").toString();
    assertRefused(1, "taken: is a file, where a directory is to be", "spike", "--plots", taken);
    assertRefused(1, "is a directory", directory.toString());
    assertRefused(1, "has no request that takes", file("empty.jsonl", "\n").toString());
    assertRefused(1, "more than 2,000,000 requests", "steady", "--requests", "1000000");
    Path bad =
        file(
            "bad.jsonl",
            """
            {"domain": "api", "attributes": {"user_id": "1"}}
            {"time": 1, "domain": "api", "costs": 1}
            nonsense
            {"time": -1, "domain": "api"}
            {"time": 1, "domain": "api", "cost": -1}
            """);
    Path wrong =
        file(
            "wrong.jsonl",
            """
            {"time": 9000000000000000000, "domain": "api"}
            {"time": 1, "domain": "api", "cost": 1000000000001}
            {"time": 1, "domain": "api", "operation": "BOGUS"}
            """);
    assertRefused(1, "wrong.jsonl:1: time is not between 1970 and 9999", wrong.toString());
    assertRefused(1, "wrong.jsonl:2: cost is 1000000000001", wrong.toString());
    assertRefused(1, "wrong.jsonl:3: operation is 'BOGUS'", wrong.toString());
    assertRefused(1, "bad.jsonl:1: time is missing", bad.toString());
    assertRefused(1, "bad.jsonl:2: a request has no field costs", bad.toString());
    assertRefused(1, "bad.jsonl:3: is not JSON", bad.toString());
    assertRefused(1, "bad.jsonl:4: ", bad.toString());
    assertRefused(1, "bad.jsonl:5: cost is -1", bad.toString());
    Path other = file("other.jsonl", "{\"time\": 1, \"domain\": \"pay\"}");
    Path good =
        file("good.jsonl", "{\"time\": 1, \"domain\": \"api\", \"attributes\": {\"a\": 1}}");
    assertRefused(1, "no limit applies to any request of", good.toString());
    assertRefused(1, "name another attribute with --key", good.toString());
    String rules = file("rules.yaml", RULES).toString();
    assertRefused(1, "no limit applies to a request with", "--rule", rules, "spike", "a=b");
    assertRefused(1, "all users would be one", "--rule", rules, "users", "user_id=5");
    assertRefused(1, "the rules are for the domain api", "--rule", rules, other.toString());
    assertRefused(2, "requests of a file have their own", "--rule", rules, good.toString(), "a=b");
    assertRefused(2, "--per is of the one limit", "--rule", rules, "--per", "1s", "spike", "a=b");
    String denying = file("denying.yaml", DENYING).toString();
    assertRefused(1, "deny every request with", "--rule", denying, "spike", "user_id=1");
    assertRefused(1, "there is no such file", "--rule", directory + "/none.yaml", "spike");
    assertRefused(1, "rules.yaml", "--rule", file("x/rules.yaml", "domain: 1: 2").toString());
  }

  /** What was found out is not lost with a file that cannot be written. */
  @Test
  void whatCannotBeWrittenIsSaidBeforeTheWorkOrAfterTheTable() throws Exception {
    String nowhere = directory + "/no/page.html";
    Result result = commands.run("compare", "spike", "--html", nowhere);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).as("before the work").isEmpty();
    assertThat(result.err())
        .isEqualTo(
            "error: %s: its directory is not there%nhint: name another file with --html%n"
                .formatted(nowhere));
    // A directory in the place of a plot is found when it is written.
    Path plots = directory.resolve("plots");
    Files.createDirectories(plots.resolve("spike-memory.svg"));
    result = compare("spike", "--plots", plots.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("600 of 600", "MOST IN A WINDOW: ", "The page with plots: ");
    assertThat(result.err()).contains("spike-memory.svg: is a directory");
  }

  @Test
  void whatTakesNothingAndWhatMeetsNoLimitIsCounted() throws Exception {
    Path file =
        file(
            "day=1/requests.jsonl",
            """
            {"time": 1, "domain": "api", "attributes": {"user_id": "1"}}
            {"time": 2, "domain": "api", "attributes": {"user_id": "1"}, "operation": "REFUND"}
            {"time": 3, "domain": "api", "attributes": {"user_id": "1"}, "cost": 0}
            {"time": 4, "domain": "api", "attributes": {"user": "1"}}
            """);
    Result result = compare(file.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("2 that take nothing (refunds, resets, cost 0) are left out.")
        .contains("1 of 2 meet no limit.")
        .contains("2 of 2");
  }

  private void assertRefused(int code, String why, String... arguments) {
    Result result = compare(arguments);
    assertThat(result.err()).as(List.of(arguments).toString()).contains(why);
    assertThat(result.err()).doesNotContain("unexpected");
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
  }

  private Result compare(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "compare";
    all[1] = "--html";
    all[2] = page.toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return commands.run(all);
  }

  private Path file(String name, String text) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
