package io.weir.streams.cli.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.RulesFile;
import io.weir.streams.cli.Commands;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.rules.RulesDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesFilesTest {
  private static final String API =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: minute, requests_per_unit: 3}
          descriptors:
            - key: endpoint
              value: /login
              shadow_mode: true
              rate_limit:
                algorithm: token_bucket
                unit: second
                unit_multiplier: 30
                requests_per_unit: 5
                burst: 9
            - key: endpoint
              value: /health
      """;

  @TempDir Path directory;
  private final Commands commands = Commands.in(Map.of());

  @Test
  void documentsAreSplitAndKeepTheirLines() {
    assertThat(RulesDocuments.split(new RulesFile("f", "# c\n---\na: 1\n--- # x\n\n---\nb: ---\n")))
        .containsExactly(
            new RulesFile("f", "\n\na: 1\n"), new RulesFile("f", "\n".repeat(5) + "\nb: ---\n"));
  }

  @Test
  void aFileOfOneDocumentStaysAsItIs() {
    RulesFile file = new RulesFile("f", API);

    assertThat(RulesDocuments.split(file)).containsExactly(file);
  }

  @Test
  void mistakesAreReportedByFileAndLineEachOnce() throws IOException {
    Path first = Files.writeString(directory.resolve("z.yaml"), API.replace("minute", "minut"));
    Path second =
        Files.writeString(
            directory.resolve("a.yaml"),
            API.replace("api", "web")
                .replace("per_unit: 3", "per_unit: x")
                .replace("burst: 9", "bursts: 9")
                .replace("unit: second", "unit: secon"));

    Result result =
        commands.run("rules", "validate", first.toString(), second.toString(), second.toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err().lines().map(line -> line.replaceFirst("error: .*/(.*?): .*", "$1")))
        .containsExactly("z.yaml:4", "a.yaml:1", "a.yaml:4", "a.yaml:11", "a.yaml:14");
  }

  @Test
  void aFileThatCannotBeReadHidesNoMistakeOfTheOthers() throws IOException {
    Path wrong = Files.writeString(directory.resolve("w.yaml"), API.replace("minute", "minut"));
    Path missing = directory.resolve("nope.yaml");

    Result result =
        commands.run(
            "rules", "validate", directory.toString(), wrong.toString(), missing.toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err().lines().map(line -> line.replace("error: ", "").strip()))
        .satisfiesExactly(
            line -> assertThat(line).startsWith(directory + ": is a directory"),
            line -> assertThat(line).startsWith(wrong + ":4: invalid rate limit unit 'minut'"),
            line -> assertThat(line).startsWith(missing + ": there is no such file"));
  }

  @Test
  void rulesWithoutALimitAreWarnedOf() throws IOException {
    Path file = Files.writeString(directory.resolve("api.yaml"), "domain: api\n");

    Result result = commands.run("rules", "validate", file.toString());

    assertThat(result.code()).isZero();
    assertThat(result.err().strip())
        .isEqualTo(
            "warning: "
                + file
                + ":1: no rule of the domain 'api' has a limit; all its requests are allowed");
  }

  @Test
  void validRulesAreShownAsWeirUnderstandsThem() throws IOException {
    Path file = Files.writeString(directory.resolve("api.yaml"), API);

    assertThat(commands.run("rules", "validate", "--show", file.toString()))
        .isEqualTo(
            new Result(
                0,
                """
                api: valid, 3 rules
                  user_id: 3 per minute, fixed_window
                  user_id / endpoint=/login: 5 per 30 seconds, token_bucket, burst 9, shadow
                  user_id / endpoint=/health: no limit
                """,
                ""));
  }

  @Test
  void allMistakesOfAllFilesAreReportedWithFileAndLine() throws IOException {
    Path one =
        Files.writeString(
            directory.resolve("one.yaml"), API.replace("unit: minute", "unit: fortnight"));
    Path two =
        Files.writeString(
            directory.resolve("two.yaml"),
            API.replace("api", "web") + "---\n" + API.replace("api", "").replace("5", "-5"));

    Result result = commands.run("rules", "validate", one.toString(), two.toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(one + ":4: ").contains(two + ":18: ");
    assertThat(result.err().lines()).allMatch(line -> !line.startsWith("\tat"));
  }

  @Test
  void rulesAreReadFromStandardInputToo() {
    assertThat(commands.withInput(API).run("rules", "validate", "-").out())
        .isEqualTo("api: valid, 3 rules\n");
    assertThat(commands.withInput("domain: [").run("rules", "validate", "-").err())
        .contains("standard input:1: ");
  }

  @Test
  void aLogThatTheSettingsAllowIsValid() {
    String log =
        """
        domain: api
        descriptors:
          - key: user_id
            rate_limit: {algorithm: sliding_window_log, unit: hour, requests_per_unit: 20000}
        """;

    Result refused = commands.withInput(log).run("rules", "validate", "-");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains("standard input:4: requests_per_unit is 20000: a sliding_window_log of 20000")
        .contains(
            "hint: sliding.window.log.max.entries sets how many entries a log may keep, up to 50000");
    assertThat(
            Commands.in(Map.of("WEIR_SLIDING_WINDOW_LOG_MAX_ENTRIES", "20000"))
                .withInput(log)
                .run("rules", "validate", "-")
                .code())
        .isZero();
  }
}
