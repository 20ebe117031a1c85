package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.streams.cli.Commands;
import io.weir.streams.cli.RunProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weir dev} as a process of its own, which ends in other ways than by itself. */
class DevProcessIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Far less than any step of the start takes, far more than a busy machine needs to stop. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static final int ENDED_BY_SIGTERM = 143;
  private static final int ENDED_BY_SIGINT = 130;

  /** What runs in the background of a script ignores SIGINT, and would hand that on. */
  private static final String[] IN_A_GROUP_OF_ITS_OWN = {"setsid", "env", "--default-signal=INT"};

  private static final Pattern KEPT_LOG = Pattern.compile("its log is kept in (\\S+)");

  @TempDir Path directory;

  private Path temporary = Path.of("");
  private Path out = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private Process dev;

  private List<ProcessHandle> children = List.of();

  @BeforeEach
  void prepare() throws IOException {
    temporary = Files.createDirectory(directory.resolve("tmp"));
    out = directory.resolve("out");
  }

  private void start(String... starter) throws IOException {
    start(List.of(starter), List.of());
  }

  private void start(List<String> starter, List<String> options) throws IOException {
    List<String> command = new ArrayList<>(starter);
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(RunProcess.SHORT_LIVED);
    command.addAll(
        List.of(
            "-Djava.io.tmpdir=" + temporary,
            "-Dweir.home=..",
            "-cp",
            System.getProperty("java.class.path"),
            "io.weir.streams.cli.Weir",
            "dev",
            "--port",
            "0"));
    command.addAll(options);
    dev =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
  }

  @AfterEach
  void end() {
    dev.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  @ParameterizedTest
  @ValueSource(strings = {"starting Kafka broker", "starting Weir"})
  void aSignalDuringTheStartEndsEverythingAtOnce(String step) throws Exception {
    start();
    awaitOutput(step);
    await().atMost(PATIENCE).until(() -> dev.children().count() == 2);
    children = dev.children().toList();

    dev.destroy();

    assertThat(dev.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).as(said()).isTrue();
    assertThat(dev.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    // It may have become ready meanwhile: then a summary follows.
    assertThat(said()).contains("\nstopping\n").doesNotContain("error", "Exception");
    assertThatNothingIsLeft();
  }

  @Test
  void ctrlCOfATerminalDuringTheStartEndsEverything() throws Exception {
    startAsATerminalDoes();
    awaitOutput("starting Weir");
    children = dev.children().toList();

    endByCtrlC();
  }

  @Test
  void ctrlCOfATerminalEndsWeirBeforeTheBrokerAndTheRegistryThatItNeeds() throws Exception {
    startAsATerminalDoes();
    awaitOutput("Ready");
    children = dev.children().toList();
    // A terminal's signal reaches them, too: the tables must go on until Weir has ended.
    for (ProcessHandle child : children) {
      assertThat(run("kill", "-INT", String.valueOf(child.pid()))).isZero();
    }
    long tables = tables();
    awaitThat(() -> tables() >= tables + 2);
    assertThat(children).hasSize(2).allMatch(ProcessHandle::isAlive);

    endByCtrlC();
    assertThat(said()).containsPattern("\\d+ requests, \\d+ decisions");
  }

  private void startAsATerminalDoes() throws Exception {
    assumeTrue(
        isPossible(IN_A_GROUP_OF_ITS_OWN),
        "there are no \"setsid\" and \"env --default-signal\", which start a process as a terminal"
            + " does");
    start(IN_A_GROUP_OF_ITS_OWN);
  }

  private void endByCtrlC() throws Exception {
    assertThat(run("kill", "-INT", "--", "-" + dev.pid())).isZero();

    assertThat(dev.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(said()).isTrue();
    assertThat(dev.exitValue()).as(said()).isEqualTo(ENDED_BY_SIGINT);
    assertThat(said())
        .contains("\nstopping\n")
        .doesNotContain("error", "Exception", "ERROR", "WARN", "by itself");
    assertThatNothingIsLeft();
  }

  @Test
  void theDoorsOfAGatewayAnswerWhoeverAsksAndEndWithTheRest() throws Exception {
    start(List.of(), List.of("--redis", "--quiet-users"));
    awaitOutput("Ctrl-C ends it");
    children = dev.children().toList();
    assertThat(children).hasSize(3);

    String body =
        "{\"request_id\": \"mine\", \"domain\": \"api\", \"attributes\": {\"user_id\": \"z\"}}";
    HttpResponse<String> checked =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(told("(http://\\S+/v1/check)")))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    try (GrpcRequests envoy = new GrpcRequests(told("(\\S+) envoy\\.service"))) {
      envoy.send("mine-too", Map.of("user_id", "z")).join();
    }
    Commands commands =
        Commands.in(
            Map.of(
                "WEIR_BOOTSTRAP_SERVERS",
                told("WEIR_BOOTSTRAP_SERVERS=(\\S+)"),
                "WEIR_SCHEMA_REGISTRY_URL",
                told("WEIR_SCHEMA_REGISTRY_URL=(\\S+)")));
    Commands.Result watched = watch(commands, "mine");
    Commands.Result watchedToo = watch(commands, "mine-too");
    dev.destroy();

    assertThat(checked.statusCode()).as(checked.body()).isEqualTo(200);
    assertThat(checked.body()).contains("\"verdict\":\"ALLOW\"").contains("per-user");
    assertThat(watched.out().strip()).as(watched.err()).isEqualTo(checked.body().strip());
    assertThat(watchedToo.out()).as(watchedToo.err()).contains("api/user_id=z", "per-user");
    assertThat(dev.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(said()).isTrue();
    assertThat(dev.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(said()).doesNotContain("error", "Exception", "ERROR", "WARN");
    assertThatNothingIsLeft();
  }

  @Test
  void nothingIsLeftWhenItIsKilled() throws Exception {
    start();
    awaitOutput("Ready");
    children = dev.children().toList();
    assertThat(files(temporary)).as("of which something may be left").isNotEmpty();

    dev.destroyForcibly();

    await().atMost(PATIENCE).untilAsserted(this::assertThatNothingIsLeft);
  }

  @Test
  void aBrokerThatEndsByItselfIsToldAtOnceAndItsLogIsKept() throws Exception {
    start();
    awaitOutput("Ready");
    children = dev.children().toList();

    broker().destroyForcibly();

    assertThat(dev.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(said()).isTrue();
    assertThat(dev.exitValue()).isEqualTo(1);
    Matcher told = KEPT_LOG.matcher(said());
    assertThat(told.find()).as(said()).isTrue();
    assertThat(said()).contains("error: the broker ended by itself with code 137; its log");
    assertThat(said()).doesNotContain("Exception");
    Files.delete(Path.of(told.group(1)));
    assertThatNothingIsLeft();
  }

  /** By its directory, because a command line is told without its end, where the class stands. */
  private ProcessHandle broker() {
    return children.stream()
        .filter(child -> child.info().commandLine().orElse("").contains("weir-broker-"))
        .findFirst()
        .orElseThrow();
  }

  private void assertThatNothingIsLeft() throws IOException {
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(files(temporary)).isEmpty();
  }

  private static Commands.Result watch(Commands commands, String requestId) {
    return commands.run(
        "watch", "--request-id", requestId, "--from-beginning", "--max", "1", "--json");
  }

  private String told(String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(said());
    assertThat(matcher.find()).as(said()).isTrue();
    return matcher.group(1);
  }

  private void awaitOutput(String text) {
    awaitThat(() -> said().contains(text));
  }

  private void awaitThat(Callable<Boolean> condition) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              assertThat(dev.isAlive()).as(said()).isTrue();
              return condition.call();
            });
  }

  private long tables() throws IOException {
    return said().lines().filter(line -> line.startsWith("USER ")).count();
  }

  private static boolean isPossible(String... starter) throws InterruptedException {
    String[] command = Arrays.copyOf(starter, starter.length + 1);
    command[starter.length] = "true";
    try {
      return run(command) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor();
  }

  private String said() throws IOException {
    return Files.readString(out);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
