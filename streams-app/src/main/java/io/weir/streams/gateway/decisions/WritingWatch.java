package io.weir.streams.gateway.decisions;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether decisions reach the decisions topic: not, where something hinders them all, or where the
 * brokers have been silent for a while. Thread-safe.
 */
final class WritingWatch {
  /** Brokers confirm within milliseconds, and a little later where a leader moves. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final LongSupplier nanos;
  private final AtomicLong underWay = new AtomicLong();

  /** When the first of those under way was begun, or something was confirmed. */
  private volatile long sinceNanos;

  private volatile Optional<String> obstacle = Optional.empty();

  /**
   * A watch.
   *
   * @param nanos nanoseconds from some fixed point
   */
  WritingWatch(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A decision is going to be written. For one thread. */
  void begun() {
    if (underWay.get() == 0) {
      sinceNanos = nanos.getAsLong();
    }
    underWay.incrementAndGet();
  }

  /** A decision was written: all is well. */
  void written() {
    underWay.decrementAndGet();
    sinceNanos = nanos.getAsLong();
    obstacle = Optional.empty();
  }

  /** A decision will not be written, for a reason of its own. */
  void abandoned() {
    underWay.decrementAndGet();
  }

  /** Nothing can be written now. */
  void hindered(Throwable failure) {
    String message = failure.getMessage();
    obstacle = Optional.of(message == null ? failure.toString() : message);
  }

  /** Why decisions are not written, in a sentence; empty where they are, or there is none. */
  Optional<String> trouble() {
    Optional<String> known = obstacle;
    if (known.isPresent()) {
      return known;
    }
    boolean isWriting = underWay.get() > 0;
    long silentNanos = nanos.getAsLong() - sinceNanos;
    return isWriting && silentNanos > PATIENCE.toNanos()
        ? Optional.of(
            "the brokers have confirmed no decision for %d s"
                .formatted(Duration.ofNanos(silentNanos).toSeconds()))
        : Optional.empty();
  }
}
