package io.weir.streams.cli;

/**
 * Does something when the process is asked to end (SIGINT, SIGTERM) before a command is done.
 * Closing it forgets that.
 */
public final class StopHook implements AutoCloseable {
  private final Thread thread;

  /**
   * A hook.
   *
   * @param onStop done by another thread; the process ends when it returns
   */
  public StopHook(Runnable onStop) {
    thread = new Thread(onStop, "weir-stop");
    Runtime.getRuntime().addShutdownHook(thread);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException shuttingDown) {
      // It is being done.
    }
  }
}
