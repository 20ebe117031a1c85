package io.weir.streams.cli.dev;

import io.weir.streams.cli.CommandFailure;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A line for each step of a start, with the time that it took. Thread-safe. */
final class StartLines implements DevStack.Steps {
  private final PrintWriter err;
  private final BooleanSupplier stopped;
  private boolean open;

  /**
   * Lines on standard error.
   *
   * @param stopped whether a step that fails does so because the end was asked for
   */
  StartLines(PrintWriter err, BooleanSupplier stopped) {
    this.err = err;
    this.stopped = stopped;
  }

  @Override
  public <T> T step(String what, Supplier<T> work) {
    begin(what);
    long startNanos = System.nanoTime();
    try {
      T result = work.get();
      end("%7.1f s".formatted((System.nanoTime() - startNanos) / 1e9));
      return result;
    } catch (RuntimeException e) {
      end(stopped.getAsBoolean() ? "" : " failed");
      throw e instanceof ChildStartException
          ? new CommandFailure(String.valueOf(e.getMessage()), e)
          : e;
    }
  }

  /** Says that everything is being stopped, on a line of its own. */
  synchronized void stopping() {
    end("");
    err.println("stopping");
    err.flush();
  }

  @Override
  public synchronized void complain(String sentence) {
    end("");
    err.println("warning: " + sentence);
    err.flush();
  }

  private synchronized void begin(String what) {
    open = true;
    err.printf("%-44s", "starting " + what);
    err.flush();
  }

  private synchronized void end(String text) {
    if (open) {
      err.println(text);
      err.flush();
    }
    open = false;
  }
}
