package io.weir.streams.cli.dev;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own for one program, with a temporary directory that lives as long as this
 * object: the program can be killed and started again on the same files. It ends with this process,
 * however that ends, and does not hear a terminal's Ctrl-C, so that the parent decides on the order
 * of the end. Needs a POSIX system. Not thread-safe.
 *
 * <p>When this process is killed, the operating system closes the other end of the program's input.
 * A JVM has a thread that sees that (see {@link ParentWatch}); a native program has a shell beside
 * it, which then kills it (SIGKILL, even where it is paused) and deletes its files, also where the
 * program had ended before. Only where that shell was killed, too, does a native program outlive
 * its parent.
 *
 * <p>An interruption breaks off the waiting for the program's start; not that for its end, after
 * which its files are deleted.
 */
final class ChildProcess implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration DELETE_PATIENCE = Duration.ofSeconds(10);
  private static final int TAIL_LINES = 25;
  // A shell that ignores the terminal's signals and becomes the JVM, which then leaves them
  // ignored.
  private static final List<String> SHELL =
      List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"");
  // The shell becomes the program, whose number stays $$. One that waits beside it gets the input:
  // its end means that the parent is gone, or the program, whose number is then nobody's. A program
  // that ended by itself, as Redis does at a terminal's Ctrl-C whatever it inherits, leaves its
  // files to the parent, as long as there is one.
  private static final List<String> NATIVE_SHELL =
      List.of(
          "/bin/sh",
          "-c",
          "trap '' INT HUP; exec 3<&0;"
              + " (cd /; cat <&3; kill -KILL $$ ||"
              + " while [ -d \"$0\" ] && kill -0 $PPID; do sleep 1; done;"
              + " exec rm -rf \"$0\") >/dev/null 2>&1 &"
              + " exec \"$@\" 3<&- </dev/null");
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
  private volatile boolean ending;

  /**
   * What to run in a JVM.
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
    } catch (IOException e) {
      throw cannotBeMade(e);
    }
    try {
      Files.createDirectory(temporary());
      copyParentWatch();
    } catch (IOException e) {
      TemporaryFiles.delete(directory, DELETE_PATIENCE);
      throw cannotBeMade(e);
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

  /** Starts a program in a JVM. */
  void start(Program program) {
    List<String> command = new ArrayList<>(SHELL);
    command.add("sh");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FAST_START);
    // What it unpacks goes with its directory too, however it ends.
    command.add("-Djava.io.tmpdir=" + temporary());
    command.addAll(program.jvmOptions());
    command.add("-cp");
    command.add(watchDirectory() + File.pathSeparator + program.classPath());
    command.add(ParentWatch.class.getName());
    command.add(directory.toString());
    command.add(program.mainClass());
    command.addAll(program.arguments());
    launch(command);
  }

  /**
   * Starts a native program, whose standard input is empty.
   *
   * @param executable its file
   */
  void start(Path executable, List<String> arguments) {
    List<String> command = new ArrayList<>(NATIVE_SHELL);
    command.add(directory.toString());
    command.add(executable.toString());
    command.addAll(arguments);
    launch(command);
  }

  private void launch(List<String> command) {
    if (isAlive()) {
      throw new IllegalStateException("the " + name + " is running already");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    // Options that are meant for this JVM: a coverage agent, a debugger's port.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    ending = false;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the " + name, e);
    }
  }

  /**
   * Tells of the end of the program that runs, unless it is this object that ends it.
   *
   * @param action takes the exit code, on another thread
   */
  void onEndByItself(Consumer<Integer> action) {
    var unused =
        running()
            .onExit()
            .thenAccept(
                ended -> {
                  if (!ending) {
                    action.accept(ended.exitValue());
                  }
                });
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
    ending = true;
    if (isAlive()) {
      // Process.destroy would close the child's input too, which means that the parent is gone.
      running().toHandle().destroy();
      if (!endedUninterruptibly(END_TIMEOUT)) {
        kill();
      }
    }
  }

  /** Kills the program (SIGKILL) and waits until it is gone. Its files stay. */
  void kill() {
    ending = true;
    if (isAlive()) {
      // As above: the input ends once the process is gone.
      boolean unused = running().toHandle().destroyForcibly();
      if (!endedUninterruptibly(END_TIMEOUT)) {
        throw new IllegalStateException(
            "the %s, process %d, is still there %d s after it was killed; its files are in %s"
                .formatted(name, pid(), END_TIMEOUT.toSeconds(), directory));
      }
    }
  }

  /** Stops the program's threads (SIGSTOP): it holds its connections and answers nothing. */
  void pause() {
    ProcessSignal.STOP.send(pid());
  }

  /** Lets a paused program go on (SIGCONT). */
  void resume() {
    ProcessSignal.CONT.send(pid());
  }

  /**
   * Kills the program and deletes its files, once it is gone: what it writes meanwhile would stay.
   *
   * @throws IllegalStateException if it does not go
   * @throws UncheckedIOException if files stay
   */
  @Override
  public void close() {
    kill();
    TemporaryFiles.delete(directory, DELETE_PATIENCE);
  }

  /** A copy of the log that stays when this object is closed; empty if none can be made. */
  Optional<Path> keepLog() {
    Optional<Path> kept = Optional.empty();
    try {
      kept = Optional.of(Files.createTempFile("weir-" + name + "-", ".log"));
      Files.copy(log, kept.get(), StandardCopyOption.REPLACE_EXISTING);
      return kept;
    } catch (IOException e) {
      // Whoever asks tells what ended, which matters more.
      boolean unused = kept.isPresent() && kept.get().toFile().delete();
      return Optional.empty();
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

  private UncheckedIOException cannotBeMade(IOException e) {
    return new UncheckedIOException("cannot make a directory for the " + name, e);
  }

  private ChildStartException failed(String how) {
    return new ChildStartException(
        "the " + name + " " + how + "; the last lines of its log:\n" + logTail());
  }

  private boolean ended(Duration timeout) {
    try {
      return running().waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the " + name, e);
    }
  }

  private boolean endedUninterruptibly(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return running().waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("the " + name + " was never started");
    }
    return process;
  }

  private Path temporary() {
    return directory.resolve("tmp");
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
