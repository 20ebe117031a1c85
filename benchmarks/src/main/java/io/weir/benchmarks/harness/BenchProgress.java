package io.weir.benchmarks.harness;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/**
 * Says what runs, how far it is and how long all of it may still take: on a terminal in a line that
 * changes, elsewhere in a line for each step that is done. Thread-safe, so that it can be stopped
 * when the process is asked to end.
 */
public final class BenchProgress {
  private static final long INTERVAL_NANOS = Duration.ofMillis(250).toNanos();
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier nanoClock;
  private final int steps;
  private final long startNanos;
  private int done;
  private boolean stopped;
  private String what = "";
  private long shownNanos;

  /**
   * Progress that begins now.
   *
   * @param terminal whether a person looks
   * @param steps how many there will be
   * @param nanoClock as of {@link System#nanoTime}
   */
  public BenchProgress(PrintWriter err, boolean terminal, int steps, LongSupplier nanoClock) {
    this.err = err;
    this.terminal = terminal;
    this.steps = steps;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
  }

  /** A step begins; the result takes how far it is, from 0 to 1. */
  public synchronized DoubleConsumer begin(String step) {
    what = step;
    if (terminal) {
      show(0);
    }
    return this::show;
  }

  /** The step is done. */
  public synchronized void end(String result) {
    if (stopped) {
      return;
    }
    done++;
    err.println((terminal ? CLEAR : "") + head(done) + what + ": " + result);
    err.flush();
  }

  /** Takes the changing line away and says nothing any more: what follows has lines of its own. */
  public synchronized void stop() {
    stopped = true;
    if (terminal) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private synchronized void show(double share) {
    long now = nanoClock.getAsLong();
    if (terminal && !stopped && (share == 0 || now - shownNanos >= INTERVAL_NANOS)) {
      shownNanos = now;
      err.print(
          CLEAR
              + head(Math.min(done + 1, steps))
              + what
              + String.format(Locale.ROOT, " %d %%", (int) (100 * share))
              + left(now, share));
      err.flush();
    }
  }

  private String head(int step) {
    return String.format(Locale.ROOT, "[%d/%d] ", step, steps);
  }

  /** As if all steps took as long as those that are done: no more than a hint. */
  private String left(long now, double share) {
    if (done == 0) {
      return "";
    }
    double perStep = (now - startNanos) / (done + share);
    long seconds = (long) (perStep * Math.max(0, steps - done - share) / 1e9);
    return seconds < 100
        ? ", about " + seconds + " s left"
        : ", about " + Math.round(seconds / 60.0) + " min left";
  }
}
