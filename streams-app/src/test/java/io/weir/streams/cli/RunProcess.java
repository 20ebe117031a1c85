package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code weir run} in a process of its own; whoever starts it ends it. */
public final class RunProcess {
  /** For a JVM that lives for seconds: better code would come too late, and cost others time. */
  public static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private RunProcess() {}

  /** Starts the application and waits until it judges. */
  public static Process start(Path log, Map<String, String> environment) {
    return started(launch(log, environment), log);
  }

  /** Starts the gateway and waits until its doors are open. */
  public static Process startGateway(Path log, Map<String, String> environment) {
    return started(launch(log, environment, "gateway"), log);
  }

  private static Process started(Process process, Path log) {
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(process.isAlive()).as(Files.readString(log)).isTrue())
        .untilAsserted(() -> assertThat(Files.readString(log)).containsIgnoringCase("running"));
    return process;
  }

  /** Ends it, and waits until it has: until then it writes to its directory. */
  public static void end(Process process) {
    process.destroy();
    await().atMost(PATIENCE).until(() -> !process.isAlive());
  }

  /** Starts the application. */
  public static Process launch(Path log, Map<String, String> environment) {
    return launch(log, environment, "run");
  }

  /** Starts a command. */
  public static Process launch(Path log, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(SHORT_LIVED);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.weir.streams.cli.Weir"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
