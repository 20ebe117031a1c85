package io.weir.limiter.outbound;

import io.weir.limiter.outbound.OutboundTimer.Scheduled;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done at one time, the one that was set last. Times are of {@link SteadyTime}.
 * Not thread-safe: what it does runs on the timer's thread, takes the lock that the alarm is under,
 * and says which one {@link #rang}, because another may be set meanwhile.
 */
final class Alarm {
  private final OutboundTimer timer;
  private final Consumer<Ring> ring;

  /** The one that is to come. */
  private @Nullable Ring next;

  /** One time that it was set to. */
  static final class Ring {
    private final long atMillis;
    private Scheduled scheduled = () -> {};

    private Ring(long atMillis) {
      this.atMillis = atMillis;
    }
  }

  /**
   * An alarm that is not set.
   *
   * @param ring what is done
   */
  Alarm(OutboundTimer timer, Consumer<Ring> ring) {
    this.timer = timer;
    this.ring = ring;
  }

  /**
   * Rings at a time, at once if it is over, and at no other. Where the timer fails, which is thrown
   * as it is, it is not set.
   */
  void set(long nowMillis, long ringMillis) {
    if (next != null && next.atMillis == ringMillis) {
      return;
    }
    clear();
    Ring set = new Ring(ringMillis);
    Duration delay = Duration.ofMillis(Math.max(0, ringMillis - nowMillis));
    set.scheduled = timer.schedule(() -> ring.accept(set), delay);
    next = set;
  }

  /** Does not ring, if it did not begin to. */
  void clear() {
    Ring old = next;
    if (old != null) {
      next = null;
      Listeners.runSafely(old.scheduled::cancel);
    }
  }

  /** One rang: to ring at its time again it is to be set again. Another that is to come stays. */
  void rang(Ring rung) {
    if (next == rung) {
      next = null;
    }
  }
}
