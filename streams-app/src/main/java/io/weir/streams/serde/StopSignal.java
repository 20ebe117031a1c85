package io.weir.streams.serde;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells threads that wait for an outage to end that the application stops. Kafka Streams does not
 * interrupt its threads, and one that waits would not see it. Given once, for good. Thread-safe.
 */
public final class StopSignal {
  private final CompletableFuture<Void> given = new CompletableFuture<>();

  /** Wakes everybody who waits, and whoever will. */
  public void give() {
    given.complete(null);
  }

  /** Whether the application stops. */
  public boolean isGiven() {
    return given.isDone();
  }

  /**
   * Waits for a time, or until the signal is given.
   *
   * @return whether the signal is given
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public boolean await(Duration time) throws InterruptedException {
    try {
      given.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // It is never completed by an exception.
    }
  }

  /** Completes once the signal is given: for those who wait for something else beside it. */
  public CompletableFuture<Void> given() {
    return given.copy();
  }
}
