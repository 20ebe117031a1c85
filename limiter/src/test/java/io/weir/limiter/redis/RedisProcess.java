package io.weir.limiter.redis;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis as a process of its own on the loopback address, which can be killed and stopped for
 * a while. It ends with this JVM, however that ends: a shell waits for the end of its input.
 */
public final class RedisProcess implements RedisServer {
  private static final String SCRIPT =
      "\"$@\" >\"$LOG\" 2>&1 </dev/null & server=$!; echo $server;"
          + " cat >/dev/null; kill -CONT $server 2>/dev/null; kill -KILL $server 2>/dev/null";

  private final Path directory;
  private final int port;
  private final List<String> options;
  private final String ready;
  private Running running;

  private record Running(Process shell, ProcessHandle server) {
    void end() throws IOException {
      shell.getOutputStream().close();
      shell.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  private RedisProcess(Path directory, int port, List<String> options, String ready)
      throws IOException {
    this.directory = directory;
    this.port = port;
    this.options = options;
    this.ready = ready;
    this.running = launch(directory, port, options);
    awaitReady();
  }

  /** Starts one, empty, that keeps nothing on disk. */
  public static RedisProcess start(String... options) {
    return start(freePort(), options);
  }

  static RedisProcess start(int port, String... options) {
    try {
      return new RedisProcess(
          Files.createTempDirectory("weir-redis-test"), port, List.of(options), "eady to accept");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A Redis that is a server of a cluster, which others are still to be made known to. */
  static RedisProcess startForCluster() {
    return start(
        "--cluster-enabled",
        "yes",
        "--cluster-config-file",
        "nodes.conf",
        "--cluster-node-timeout",
        "2000",
        "--cluster-require-full-coverage",
        "no");
  }

  /** A Sentinel that watches a Redis under the name {@code limits}. */
  static RedisProcess startSentinel(RedisProcess watched) {
    try {
      Path directory = Files.createTempDirectory("weir-redis-test");
      Path settings = directory.resolve("sentinel.conf");
      Files.writeString(
          settings,
          "sentinel monitor limits 127.0.0.1 "
              + watched.port
              + " 1\nsentinel down-after-milliseconds limits 500\n"
              + "sentinel failover-timeout limits 2000\n");
      return new RedisProcess(
          directory, freePort(), List.of(settings.toString(), "--sentinel"), "Sentinel ID is");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Below the ports that are 10,000 higher, which a cluster uses as well. */
  static int freePort() {
    int port;
    do {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } while (port > 55_000);
    return port;
  }

  private static Running launch(Path directory, int port, List<String> options) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "redis"));
    command.add(Executable.FILE.getPath());
    boolean isSentinel = options.contains("--sentinel");
    command.addAll(isSentinel ? options : List.of());
    command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1"));
    if (!isSentinel) {
      command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", directory.toString()));
      command.addAll(options);
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LOG", directory.resolve("log").toString());
    Process shell = builder.start();
    BufferedReader out = shell.inputReader(StandardCharsets.US_ASCII);
    long pid = Long.parseLong(out.readLine().trim());
    return new Running(shell, ProcessHandle.of(pid).orElseThrow());
  }

  private void awaitReady() {
    Path log = directory.resolve("log");
    Awaitility.await("Redis at port " + port + ", whose log is in " + directory)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        // The shell makes the file when it starts the server, which is after it said who that is.
        .until(() -> Files.exists(log) && Files.readString(log).contains(ready));
  }

  @Override
  public void startAgain() {
    try {
      running = launch(directory, port, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitReady();
  }

  int port() {
    return port;
  }

  @Override
  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public void kill() {
    try {
      running.server().destroyForcibly();
      running.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void pause() {
    signal("STOP");
  }

  @Override
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, "" + running.server().pid()).inheritIO().start();
      if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new IllegalStateException("kill -" + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      running.end();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The binary, unpacked once. */
  private static final class Executable {
    static final File FILE = unpack();

    private static File unpack() {
      try {
        File directory = Files.createTempDirectory("weir-redis-binary").toFile();
        // Before the file, since what is named first goes last.
        directory.deleteOnExit();
        File file = ExecutableProvider.newJarResourceProvider(directory).get();
        file.deleteOnExit();
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
