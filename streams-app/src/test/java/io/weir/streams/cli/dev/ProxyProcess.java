package io.weir.streams.cli.dev;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/** A proxy as a child process that listens on loopback; whoever starts it owns its files. */
public final class ProxyProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

  private final ChildProcess child;
  private final int port;

  private ProxyProcess(ChildProcess child, int port) {
    this.child = child;
    this.port = port;
  }

  /** A port that was free a moment ago. */
  public static int freePort() {
    return FreePort.find();
  }

  /**
   * Starts a proxy; returns when it listens.
   *
   * @param arguments those that make it listen on a port
   * @param running what it says when it does: somebody else might answer there
   * @throws ChildStartException if it does not come up
   */
  public static ProxyProcess start(
      Path executable, IntFunction<List<String>> arguments, String running) {
    return ServerProcess.startWhereFree(
        executable.toFile().getName(),
        child -> {
          int port = FreePort.find();
          child.start(executable, arguments.apply(port));
          child.awaitReady(
              () -> child.logTail().contains(running) && FreePort.isTaken(port), START_TIMEOUT);
          return new ProxyProcess(child, port);
        });
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** The end of what it says. */
  public String logTail() {
    return child.logTail();
  }

  @Override
  public void close() {
    child.close();
  }
}
