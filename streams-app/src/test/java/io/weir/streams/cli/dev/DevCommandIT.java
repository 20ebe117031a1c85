package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.Terminal;
import io.weir.streams.cli.Weir;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code weir dev} as a stranger types it. */
class DevCommandIT {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void tellWhereTheEmbeddedPartsAre() {
    System.setProperty("weir.home", "..");
  }

  @AfterEach
  void forgetWhereTheEmbeddedPartsAre() {
    System.clearProperty("weir.home");
  }

  @Test
  void everyRequestOfTheTrafficIsDecidedAndNothingIsLeftBehind() throws Exception {
    Set<Path> before = temporaryDirectories();

    int code = execute("dev", "--for", "5s", "--json", "--port", "0");

    List<String> lines = out.toString().lines().toList();
    JsonNode summary = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertThat(code).as(err.toString()).isZero();
    assertThat(summary.get("requests").asLong()).isPositive();
    assertThat(summary.get("decisions")).isEqualTo(summary.get("requests"));
    assertThat(summary.get("allowed").asLong()).isPositive();
    assertThat(summary.get("denied").asLong()).isPositive();
    assertThat(summary.get("allowed").asLong() + summary.get("denied").asLong())
        .isEqualTo(summary.get("decisions").asLong());
    assertThat(err.toString())
        .contains("/v1/limits?domain=api&user_id=erin")
        .containsPattern("export WEIR_URL=http://127.0.0.1:\\d+ WEIR_BOOTSTRAP_SERVERS=");
    assertThat(temporaryDirectories()).isEqualTo(before);
  }

  @Test
  void everyRequestAtTheDoorsOfAGatewayIsOnTheDecisionsTopicToo() throws Exception {
    Set<Path> before = temporaryDirectories();

    int code = execute("dev", "--redis", "--for", "11s", "--port", "0");

    assertThat(code).as(err.toString()).isZero();
    assertThat(err.toString())
        .contains("starting Redis ", "starting gateway ", "in Redis at redis://127.0.0.1:")
        .containsPattern("weir check .* --url http://127.0.0.1:\\d+\n")
        .containsPattern("curl .* http://127.0.0.1:\\d+/v1/check\n")
        .containsPattern("grpcurl .* 127.0.0.1:\\d+ envoy.service.ratelimit.v3")
        .doesNotContain("127.0.0.1:50051 ", "WARN", "ERROR", "warning:");
    assertThat(out.toString())
        .containsPattern("grace  steady, over HTTP +\\d+ +0 +ALLOW WITHIN_LIMIT +per-user")
        .containsPattern("heidi  retries at once, over HTTP +\\d+ +[1-9]\\d* .* per-user")
        .containsPattern("ivan   comes in bursts, behind Envoy +\\d+ .* per-user")
        .containsPattern("judy   guesses passwords, behind Envoy +3 +[1-9]\\d* .* log-ins")
        // Three budgets would be enough for all of that.
        .containsPattern("kim    floods, at every door +\\d+ +[1-9]\\d* .* per-user")
        .containsPattern("(\\d+) requests, \\1 decisions: ");
    assertThat(temporaryDirectories()).isEqualTo(before);
  }

  @Test
  void aPortThatIsTakenIsToldBeforeAnythingStarts() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int code = execute("dev", "--port", String.valueOf(taken.getLocalPort()));

      assertThat(code).isEqualTo(1);
      assertThat(err.toString())
          .startsWith(
              "error: --port is %d, but this process cannot listen on 127.0.0.1:%d"
                  .formatted(taken.getLocalPort(), taken.getLocalPort()))
          .contains("hint: another process may do so already; without --port any free one is used")
          .doesNotContain("starting");
    }
  }

  @Test
  void aPortThatIsNoneIsAMistakeOnTheCommandLine() {
    assertThat(execute("dev", "--port", "65536")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--port is '65536'; it must be a whole number from 0 to 65535")
        .doesNotContain("starting");
  }

  @Test
  void rulesThatMakeNoSenseAreRefusedBeforeAnythingStarts(@TempDir Path directory)
      throws Exception {
    Path rules = directory.resolve("mine.yaml");
    Files.writeString(rules, "domain: api\ndescriptors:\n  - value: x\n");

    int code = execute("dev", "--rules", rules.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("mine.yaml:3: descriptor has empty key")
        .doesNotContain("starting");
  }

  @Test
  void missingEmbeddedPartsAreNamedWithTheWayOut() {
    System.setProperty("weir.home", "nowhere");

    int code = execute("dev");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("there is no nowhere").contains("hint: ");
  }

  private int execute(String... arguments) {
    CommandLine weir =
        Weir.commandLine(
            new CommandContext(Map.of(), InputStream.nullInputStream(), Terminal.NONE));
    return weir.setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  /** Those of this process: others may run as well, and come and go. */
  private static Set<Path> temporaryDirectories() throws IOException {
    long pid = ProcessHandle.current().pid();
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().matches("weir-.*-" + pid + "-.*"))
          .collect(Collectors.toSet());
    }
  }
}
