package io.weir.limiter.outbound;

import io.weir.limiter.outbound.OutboundTimer.Scheduled;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done at one time, the one that was set last. Times are of {@link SteadyTime}.
 * Not thread-safe: what it does runs on the timer's thread, takes the lock that the alarm is under,
 * and says that it {@link #rang}.
 */
final class Alarm {
  private final OutboundTimer timer;
  private final Runnable ring;
  private @Nullable Scheduled scheduled;
  private long atMillis;

  /**
   * An alarm that is not set.
   *
   * @param ring what is done
   */
  Alarm(OutboundTimer timer, Runnable ring) {
    this.timer = timer;
    this.ring = ring;
  }

  /**
   * Rings at a time, at once if it is over, and at no other. Where the timer fails, which is thrown
   * as it is, it is not set.
   */
  void set(long nowMillis, long ringMillis) {
    if (scheduled != null && atMillis == ringMillis) {
      return;
    }
    clear();
    atMillis = ringMillis;
    scheduled = timer.schedule(ring, Duration.ofMillis(Math.max(0, ringMillis - nowMillis)));
  }

  /** Does not ring, if it did not begin to. */
  void clear() {
    Scheduled old = scheduled;
    if (old != null) {
      scheduled = null;
      Listeners.runSafely(old::cancel);
    }
  }

  /** It rang: to ring again it is to be set again. */
  void rang() {
    scheduled = null;
  }
}
