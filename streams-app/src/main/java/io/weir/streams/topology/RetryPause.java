package io.weir.streams.topology;

/** The pause before something is tried again. Implementations are thread-safe. */
@FunctionalInterface
public interface RetryPause {
  /**
   * Waits.
   *
   * @param attempt the number of attempts that failed, 1 or more
   * @throws org.apache.kafka.streams.errors.StreamsException if there is no point in trying again,
   *     because the application stops
   */
  void pause(int attempt);
}
