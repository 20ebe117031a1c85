package io.weir.streams.topology;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.errors.StreamsException;

/**
 * Pauses that double from a first to a longest one, and end at once when closed. Thread-safe.
 *
 * <p>Close it before Kafka Streams is closed: a thread that waits here does not see that its
 * application stops.
 */
public final class Backoff implements RetryPause, AutoCloseable {
  private static final int MAX_DOUBLINGS = 20;

  private final long firstMillis;
  private final long longestMillis;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Pauses from {@code first} to {@code longest}. */
  public Backoff(Duration first, Duration longest) {
    this.firstMillis = first.toMillis();
    this.longestMillis = longest.toMillis();
  }

  @Override
  public void pause(int attempt) {
    try {
      if (closed.await(millis(attempt), TimeUnit.MILLISECONDS)) {
        throw new StreamsException("gave up trying again because the application stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamsException("interrupted while waiting to try again", e);
    }
  }

  /** The length of a pause. */
  long millis(int attempt) {
    return Math.min(longestMillis, firstMillis << Math.min(attempt - 1, MAX_DOUBLINGS));
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
