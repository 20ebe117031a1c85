package io.weir.streams.cli.traffic;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** A line on a terminal that says how far a command is; nothing where nobody looks. */
final class Progress {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean terminal;
  private long shownNanos = System.nanoTime();
  private boolean shown;

  Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Shows the count, unless it did so just before. */
  void show(String verb, long count) {
    long now = System.nanoTime();
    if (terminal && now - shownNanos >= INTERVAL_NANOS) {
      shownNanos = now;
      shown = true;
      err.print(CLEAR + "%s %,d".formatted(verb, count));
      err.flush();
    }
  }

  /** Takes the line away. */
  void clear() {
    if (shown) {
      err.print(CLEAR);
      err.flush();
      shown = false;
    }
  }
}
