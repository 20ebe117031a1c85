package io.weir.streams.cli.dev;

import io.weir.streams.cli.CommandFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A Redis as a child process that listens on the loopback address only and keeps nothing on disk:
 * it is empty when it was killed and started again, on the same port. Where this process is killed,
 * a shell beside Redis kills it and deletes its files ({@link ChildProcess}). Not thread-safe.
 */
public final class RedisProcess extends ServerProcess {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
  private static final int ANSWER_MILLIS = 1_000;
  private static final String HOST = "127.0.0.1";
  private static final String PONG = "+PONG";

  private final Path executable;
  private final int port;

  private RedisProcess(Path executable, ChildProcess child, int port) {
    super(child);
    this.executable = executable;
    this.port = port;
  }

  /**
   * Starts an empty Redis; returns when it answers.
   *
   * @throws CommandFailure if there is none for this machine, or it cannot be executed
   * @throws ChildStartException if it does not come up
   */
  public static RedisProcess start(EmbeddedFiles files) {
    Path executable =
        executable(files.redis(), System.getProperty("os.name"), System.getProperty("os.arch"));
    if (!executable.toFile().canExecute() && !executable.toFile().setExecutable(true)) {
      throw new CommandFailure(
          executable + " cannot be made executable", "chmod +x it as the user who owns it");
    }
    return startOnFreePorts("redis", child -> new RedisProcess(executable, child, FreePort.find()));
  }

  /** For clients: {@code redis://HOST:PORT}. */
  public String uri() {
    return "redis://" + HOST + ":" + port;
  }

  /** Starts Redis again after {@link #kill()}, empty, on the same port; returns when it answers. */
  @Override
  public void restart() {
    child()
        .start(
            executable,
            List.of(
                "--bind",
                HOST,
                "--port",
                String.valueOf(port),
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                child().directory().toString()));
    child().awaitReady(this::answers, START_TIMEOUT);
  }

  /**
   * The one for a machine.
   *
   * @param osName as of the system property {@code os.name}
   * @param osArch as of {@code os.arch}
   * @throws CommandFailure if there is none
   */
  static Path executable(List<Path> servers, String osName, String osArch) {
    return platform(osName.toLowerCase(Locale.ROOT), osArch.toLowerCase(Locale.ROOT))
        .flatMap(
            platform ->
                servers.stream().filter(it -> it.toString().endsWith("-" + platform)).findFirst())
        .orElseThrow(
            () ->
                new CommandFailure(
                    "there is no embedded Redis for this machine (" + osName + ", " + osArch + ")",
                    "start a Redis yourself, and say where: --redis-uri redis://HOST:PORT"));
  }

  /** As the files are named. */
  private static Optional<String> platform(String osName, String osArch) {
    Optional<String> machine =
        switch (osArch) {
          case "amd64", "x86_64" -> Optional.of("amd64");
          case "aarch64", "arm64" -> Optional.of("arm64");
          case "x86", "i386", "i486", "i586", "i686" -> Optional.of("386");
          default -> Optional.empty();
        };
    if (osName.startsWith("linux")) {
      return machine.map("linux-"::concat);
    }
    return osName.startsWith("mac") ? machine.map("darwin-"::concat) : Optional.empty();
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(FreePort.loopback(), port), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(PONG.length());
      return new String(answer, StandardCharsets.US_ASCII).equals(PONG);
    } catch (IOException e) {
      return false;
    }
  }
}
