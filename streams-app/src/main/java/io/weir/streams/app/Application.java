package io.weir.streams.app;

import java.util.concurrent.CompletableFuture;

/**
 * What runs until it is stopped. {@link #start()} is called once; the other methods at any time
 * from any thread.
 */
public interface Application extends AutoCloseable {

  /**
   * Starts it; returns once it does its work.
   *
   * @throws StartupException if that is not possible; it is closed then
   */
  void start();

  /** Completes when the process should end; never exceptionally. */
  CompletableFuture<ExitStatus> exit();

  /** Stops it; also while it starts. Closing again waits for the first close. */
  @Override
  void close();
}
