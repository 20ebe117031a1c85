package io.weir.streams.cli.compare;

import io.weir.streams.compare.Comparison;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows a comparison no faster than a person can follow: all of it takes two seconds, however long
 * the traffic lasts.
 */
final class Paced {
  private static final Duration ALL = Duration.ofSeconds(2);

  private final LiveView view;
  private final long startNanos = System.nanoTime();

  Paced(LiveView view) {
    this.view = view;
  }

  /** Some of it is over: shows it, when its time has come. */
  void over(Supplier<Comparison> counted, int bins, int all) {
    long dueNanos = startNanos + ALL.toNanos() * bins / all;
    try {
      TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Whoever interrupts does not want to watch.
    }
    view.show(counted.get(), bins, all);
  }
}
