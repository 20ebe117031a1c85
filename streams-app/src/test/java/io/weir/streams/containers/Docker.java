package io.weir.streams.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The {@code docker} command, as a person has it, in the directory at the top.
 *
 * @param environment variables beside those of this process
 */
record Docker(Map<String, String> environment) {
  private static final Path TOP = Path.of("..");

  /** For images that have to be fetched. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** What a run printed, on both streams, and its exit code. */
  record Result(int code, String said) {}

  Docker() {
    this(Map.of());
  }

  /** Runs it, and fails where it does. */
  String run(String... arguments) {
    Result result = attempt(arguments);
    if (result.code() != 0) {
      throw new AssertionError(
          "docker " + String.join(" ", arguments) + ": " + result.code() + "\n" + result.said());
    }
    return result.said();
  }

  /** Runs it, whatever comes of it. */
  Result attempt(String... arguments) {
    List<String> command = Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList();
    try {
      Path said = Files.createTempFile("weir-docker", ".log");
      try {
        return new Result(run(command, said), Files.readString(said, StandardCharsets.UTF_8));
      } finally {
        Files.delete(said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted at " + command, e);
    }
  }

  private int run(List<String> command, Path said) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command))
            .directory(TOP.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError(command + " did not end\n" + Files.readString(said));
    }
    return process.exitValue();
  }
}
