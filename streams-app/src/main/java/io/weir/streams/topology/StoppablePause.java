package io.weir.streams.topology;

import io.weir.streams.serde.Backoff;
import io.weir.streams.serde.StopSignal;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.streams.errors.StreamsException;

/**
 * Pauses that end at once when the application stops. Thread-safe.
 *
 * @param backoff how long they are
 * @param stop tells that the application stops
 */
public record StoppablePause(Backoff backoff, StopSignal stop) implements RetryPause {

  @Override
  public void pause(int attempt) {
    long millis = backoff.waitMillis(attempt, ThreadLocalRandom.current());
    try {
      if (stop.await(Duration.ofMillis(millis))) {
        throw new StoppingException("gave up trying again because the application stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamsException("interrupted while waiting to try again", e);
    }
  }
}
