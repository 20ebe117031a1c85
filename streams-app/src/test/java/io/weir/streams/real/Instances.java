package io.weir.streams.real;

import static org.awaitility.Awaitility.await;

import io.weir.streams.cli.RunProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Instances of one Weir in processes of their own; all are killed at the end. */
final class Instances implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final RunningWeir weir;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();

  /**
   * No instances yet.
   *
   * @param directory for what they write, each below its name
   */
  Instances(RunningWeir weir, Path directory) {
    this.weir = weir;
    this.directory = directory;
  }

  /** Starts one beside the state that an earlier one of that name left. */
  Process launch(String name) throws IOException {
    Files.createDirectories(directory);
    Path log = directory.resolve(name + "-" + processes.size() + ".log");
    Process process = RunProcess.launch(log, weir.environment(directory.resolve(name)));
    processes.add(process);
    return process;
  }

  /** Waits until an instance has the state of all partitions, be it as a standby. */
  void awaitState(String name) {
    Path state = directory.resolve(name).resolve("state");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions() // Directories come and go.
        .until(
            () -> {
              try (Stream<Path> files =
                  Files.find(state, 5, (path, file) -> path.endsWith("weir-limits"))) {
                return files.count() >= RunningWeir.PARTITIONS;
              }
            });
  }

  /** Stops an instance's threads (SIGSTOP): it answers nothing until {@link #resume}. */
  static void pause(Process process) throws IOException, InterruptedException {
    signal(process, "-STOP");
  }

  static void resume(Process process) throws IOException, InterruptedException {
    signal(process, "-CONT");
  }

  private static void signal(Process process, String signal)
      throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill " + signal + " failed");
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
