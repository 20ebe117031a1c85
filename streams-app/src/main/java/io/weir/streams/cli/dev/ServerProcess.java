package io.weir.streams.cli.dev;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A server as a child process that can be killed, paused and started again on the same ports and
 * files. Not thread-safe.
 */
abstract sealed class ServerProcess implements AutoCloseable
    permits KafkaProcess, RegistryProcess, RedisProcess {
  private static final int START_ATTEMPTS = 3;

  private final ChildProcess child;

  ServerProcess(ChildProcess child) {
    this.child = child;
  }

  /**
   * Starts a server on ports that are free; returns when it answers.
   *
   * @param name what it is called in messages
   * @param prepare finds the ports and makes what the server needs, in the child's directory
   * @throws ChildStartException if it does not come up
   */
  static <S extends ServerProcess> S startOnFreePorts(
      String name, Function<ChildProcess, S> prepare) {
    return startWhereFree(
        name,
        child -> {
          S server = prepare.apply(child);
          server.restart();
          return server;
        });
  }

  /**
   * Starts a child on ports that are free, and again on others where one was taken meanwhile.
   *
   * @param name what it is called in messages
   * @param start finds the ports and starts the child; it returns when that answers
   * @throws ChildStartException if it does not come up
   */
  static <S> S startWhereFree(String name, Function<ChildProcess, S> start) {
    for (int attempt = 1; ; attempt++) {
      ChildProcess child = new ChildProcess(name);
      try {
        return start.apply(child);
      } catch (ChildStartException e) {
        // Somebody may have taken a port since it was found free.
        boolean again = attempt < START_ATTEMPTS && child.logTail().contains("already in use");
        child.close();
        if (!again) {
          throw e;
        }
      } catch (RuntimeException e) {
        child.close();
        throw e;
      }
    }
  }

  /** The process, for what only one server does. */
  final ChildProcess child() {
    return child;
  }

  /** What the server says; a file that goes with this object. */
  public final Path log() {
    return child.log();
  }

  /** Whether the process runs, paused or not. */
  public final boolean isAlive() {
    return child.isAlive();
  }

  /**
   * Tells of the end of the process, unless it is this object that ends it.
   *
   * @param action takes the exit code, on another thread
   */
  final void onEndByItself(Consumer<Integer> action) {
    child.onEndByItself(action);
  }

  /**
   * Copies the log, so that it stays when this object is closed; what became of it, as the end of a
   * sentence such as {@code its log is …}.
   */
  final String keepLog() {
    return child.keepLog().map(kept -> "kept in " + kept).orElse("lost, as it cannot be copied");
  }

  /** The process id. */
  public final long pid() {
    return child.pid();
  }

  /** Starts the server, again after it was ended; returns when it answers. */
  public abstract void restart();

  /** Ends the server as a power failure would (SIGKILL). */
  public final void kill() {
    child.kill();
  }

  /** Freezes the server (SIGSTOP): connections stand, and nothing is answered. */
  public final void pause() {
    child.pause();
  }

  /** Lets a paused server go on. */
  public final void resume() {
    child.resume();
  }

  /** Kills the server and deletes its files. */
  @Override
  public final void close() {
    child.close();
  }
}
