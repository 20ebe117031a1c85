package io.weir.benchmarks.harness;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.streams.cli.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;

/**
 * A worker's process, seen from its parent. It ends with its parent, however that ends, and does
 * not hear a terminal's Ctrl-C. Needs a POSIX system. Not thread-safe.
 */
public final class WorkerProcess implements AutoCloseable {
  // A shell that ignores the terminal's signals and becomes the JVM, which then leaves them
  // ignored.
  private static final List<String> SHELL =
      List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");
  private static final int TAIL_LINES = 20;
  private static final long END_SECONDS = 30;

  private final String name;
  private final Path log;
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  /**
   * Starts a worker.
   *
   * @param name what it is called in messages
   * @param mainClass runs a {@link TaskLoop}
   * @param directory for its log
   * @param jvmOptions heap and collector, the same for all that are compared
   */
  public WorkerProcess(String name, Class<?> mainClass, Path directory, List<String> jvmOptions) {
    this.name = name;
    this.log = directory.resolve("worker-" + name + ".log");
    List<String> command = new ArrayList<>(SHELL);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-Djava.io.tmpdir=" + directory);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass.getName());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile()));
    // Options that are meant for this JVM: a coverage agent, a debugger's port.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    try {
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the worker " + name, e);
    }
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Has a task done; the result is of the given type. */
  public <T> T perform(Object task, Class<T> type, DoubleConsumer progress) {
    begin(task);
    return await(type, progress);
  }

  /** Has a task begun. */
  public void begin(Object task) {
    try {
      in.write(Lines.of(task) + "\n");
      in.flush();
    } catch (IOException e) {
      throw gone();
    }
  }

  /**
   * Waits for the task that was begun.
   *
   * @throws CommandFailure if it fails, or the worker ends
   */
  public <T> T await(Class<T> type, DoubleConsumer progress) {
    while (true) {
      Reply reply = Lines.read(readLine(), Reply.class);
      if (reply instanceof Reply.Progress some) {
        progress.accept(some.share());
      } else if (reply instanceof Reply.Failed failed) {
        throw new CommandFailure(
            "the worker " + name + " failed: " + failed.message(), "its log ends so:\n" + tail());
      } else if (reply instanceof Reply.Done done) {
        JsonNode result = done.result();
        return Lines.read(result, type);
      }
    }
  }

  /** Ends it as a power failure would (SIGKILL). */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Lets it end by itself, so that a profiler in it writes what it has. */
  @Override
  public void close() {
    try {
      in.close();
      awaitEnd();
    } catch (IOException e) {
      // It is gone already.
    }
    kill();
  }

  private void awaitEnd() {
    try {
      boolean unused = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next reply. Agents greet on standard output before there is any. */
  private String readLine() {
    try {
      String line = out.readLine();
      while (line != null && !line.startsWith("{")) {
        // What an agent says, or why the JVM does not start.
        Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        line = out.readLine();
      }
      if (line == null) {
        throw gone();
      }
      return line;
    } catch (IOException e) {
      throw gone();
    }
  }

  private CommandFailure gone() {
    return new CommandFailure("the worker " + name + " has ended", "its log ends so:\n" + tail());
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }
}
