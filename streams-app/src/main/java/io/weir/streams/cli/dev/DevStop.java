package io.weir.streams.cli.dev;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Why {@code weir dev} is to end before its time: somebody asked for it, or something failed that
 * it cannot go on without. Whatever comes first counts. It breaks off a start that is under way,
 * but never the cleaning up. Thread-safe.
 */
final class DevStop {
  private boolean given;
  private Optional<String> trouble = Optional.empty();
  private @Nullable Thread starting;

  /** Somebody asks for the end. */
  synchronized void ask() {
    give(Optional.empty());
  }

  /**
   * Something failed, as the sentence says, which is made only where this comes first. It is made
   * before anybody hears of the failure: who does deletes the log that it keeps. So it must not
   * throw.
   */
  synchronized void fail(Supplier<String> sentence) {
    if (!given) {
      give(Optional.of(sentence.get()));
    }
  }

  synchronized boolean isGiven() {
    return given;
  }

  /** What failed; empty if nothing did, or not before the end was asked for. */
  synchronized Optional<String> trouble() {
    return trouble;
  }

  /** Whether somebody asked for the end. */
  synchronized boolean isAsked() {
    return given && trouble.isEmpty();
  }

  /**
   * Does work whose waits may be broken off by an interruption: it must throw then. Afterwards the
   * thread is not interrupted any more, by nobody.
   */
  <T> T breakingOff(Supplier<T> work) {
    begin();
    try {
      return work.get();
    } finally {
      end();
    }
  }

  private void give(Optional<String> why) {
    if (!given) {
      given = true;
      trouble = why;
      if (starting != null) {
        starting.interrupt();
      }
    }
  }

  private synchronized void begin() {
    starting = Thread.currentThread();
    if (given) {
      starting.interrupt();
    }
  }

  private synchronized void end() {
    starting = null;
    boolean unused = Thread.interrupted();
  }
}
