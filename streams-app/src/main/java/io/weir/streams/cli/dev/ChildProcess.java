package io.weir.streams.cli.dev;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own for one program, with a temporary directory that lives as long as this object:
 * the program can be killed and started again on the same files. It ends with this process, however
 * that ends (see {@link ParentWatch}), and does not hear a terminal's Ctrl-C, so that the parent
 * decides on the order of the end. Needs a POSIX system. Not thread-safe.
 */
final class ChildProcess implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(30);
  private static final int TAIL_LINES = 25;
  // A shell that ignores the terminal's signals and becomes the JVM, which then leaves them
  // ignored.
  private static final List<String> SHELL =
      List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"");
  private static final List<String> FAST_START =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xshare:auto",
          "-Djava.awt.headless=true");

  private final String name;
  private final Path directory;
  private final Path log;
  private @Nullable Process process;

  /**
   * What to run.
   *
   * @param classPath its classpath
   * @param jvmOptions options of the JVM, besides those for a fast start
   * @param mainClass its main class
   * @param arguments its arguments
   */
  record Program(
      String classPath, List<String> jvmOptions, String mainClass, List<String> arguments) {}

  /** A place for a child; nothing runs yet. */
  ChildProcess(String name) {
    this.name = name;
    try {
      // Whose it is can be told, where there are several.
      this.directory =
          Files.createTempDirectory("weir-" + name + "-" + ProcessHandle.current().pid() + "-");
      this.log = directory.resolve(name + ".log");
      copyParentWatch();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a directory for the " + name, e);
    }
  }

  /** For the program's files; deleted with this object. */
  Path directory() {
    return directory;
  }

  /** Standard output and error of all runs. */
  Path log() {
    return log;
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** The process id of the program that was started last. */
  long pid() {
    return running().pid();
  }

  /** Starts the program. */
  void start(Program program) {
    if (isAlive()) {
      throw new IllegalStateException("the " + name + " is running already");
    }
    List<String> command = new ArrayList<>(SHELL);
    command.add("sh");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FAST_START);
    command.addAll(program.jvmOptions());
    command.add("-cp");
    command.add(watchDirectory() + File.pathSeparator + program.classPath());
    command.add(ParentWatch.class.getName());
    command.add(directory.toString());
    command.add(program.mainClass());
    command.addAll(program.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    // Options that are meant for this JVM: a coverage agent, a debugger's port.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the " + name, e);
    }
  }

  /**
   * Waits until the program has done its work and ended.
   *
   * @throws ChildStartException if it fails or takes too long
   */
  void awaitSuccess(Duration timeout) {
    if (!ended(timeout)) {
      kill();
      throw failed("did not end within " + timeout.toSeconds() + " s");
    }
    if (running().exitValue() != 0) {
      throw failed("ended with code " + running().exitValue());
    }
  }

  /**
   * Waits until the program is ready.
   *
   * @throws ChildStartException if it ends or takes too long
   */
  void awaitReady(BooleanSupplier ready, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!ready.getAsBoolean()) {
      if (ended(POLL)) {
        throw failed("ended with code " + running().exitValue());
      }
      if (System.nanoTime() - deadline > 0) {
        kill();
        throw failed("was not ready within " + timeout.toSeconds() + " s");
      }
    }
  }

  /** Asks the program to end (SIGTERM), and kills it if it does not. Its files stay. */
  void stop() {
    if (isAlive()) {
      // Process.destroy would close the child's input too, which means that the parent is gone.
      running().toHandle().destroy();
      if (!ended(END_TIMEOUT)) {
        kill();
      }
    }
  }

  /** Kills the program (SIGKILL) and waits until it is gone. Its files stay. */
  void kill() {
    if (isAlive()) {
      running().destroyForcibly();
      ended(END_TIMEOUT);
    }
  }

  /** Stops the program's threads (SIGSTOP): it holds its connections and answers nothing. */
  void pause() {
    signal("-STOP");
  }

  /** Lets a paused program go on (SIGCONT). */
  void resume() {
    signal("-CONT");
  }

  /** Kills the program and deletes its files. */
  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the files of the " + name, e);
    }
  }

  /** The end of the log, for error messages. */
  String logTail() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private ChildStartException failed(String how) {
    return new ChildStartException(
        "the " + name + " " + how + "; the last lines of its log:\n" + logTail());
  }

  private void signal(String signal) {
    try {
      int code =
          new ProcessBuilder("kill", signal, Long.toString(pid()))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill " + signal + " of the " + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run kill", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while signalling the " + name, e);
    }
  }

  private boolean ended(Duration timeout) {
    try {
      return running().waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      running().destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the " + name, e);
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("the " + name + " was never started");
    }
    return process;
  }

  private Path watchDirectory() {
    return directory.resolve("watch");
  }

  private void copyParentWatch() throws IOException {
    String file = ParentWatch.class.getName().replace('.', '/') + ".class";
    Path target = watchDirectory().resolve(file);
    Files.createDirectories(target.getParent());
    try (InputStream in = ParentWatch.class.getClassLoader().getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException(file + " is not on the classpath");
      }
      Files.copy(in, target);
    }
  }
}
