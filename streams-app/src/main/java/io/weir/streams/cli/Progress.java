package io.weir.streams.cli;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** A line on a terminal that says how far a command is; nothing where nobody looks. */
public final class Progress {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int BAR = 30;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean terminal;
  private long shownNanos = System.nanoTime();
  private boolean shown;

  /**
   * A line that is not shown yet.
   *
   * @param terminal whether a person reads it
   */
  public Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Shows the count, unless it did so just before. */
  public void show(String verb, long count) {
    show("%s %,d".formatted(verb, count));
  }

  /** Shows how much of all is done, as a bar, unless it did so just before. */
  public void show(String verb, long count, long all) {
    int parts = (int) Math.min(BAR, BAR * count / Math.max(1, all));
    show(
        "%s [%s%s] %,d of %,d"
            .formatted(verb, "#".repeat(parts), ".".repeat(BAR - parts), count, all));
  }

  private void show(String text) {
    long now = System.nanoTime();
    if (terminal && now - shownNanos >= INTERVAL_NANOS) {
      shownNanos = now;
      shown = true;
      err.print(CLEAR + text);
      err.flush();
    }
  }

  /** Takes the line away. */
  public void clear() {
    if (shown) {
      err.print(CLEAR);
      err.flush();
      shown = false;
    }
  }
}
