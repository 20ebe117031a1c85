package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Knows when there is something to say about decisions that are made without Redis: at the first
 * one, and then once in a while, and when they are made with it again. Where it comes and goes
 * there is no line for each. Thread-safe. Public for Weir's own packages and modules, and no part
 * of what the library is for.
 */
public final class OutageNotes {
  /**
   * A line of a log.
   *
   * @param isAway whether it tells of an outage, and not of its end
   * @param text what it says
   */
  public record Note(boolean isAway, String text) {}

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  /** So long all decisions must be made with Redis before that is said. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final String who;
  private final LongSupplier nanoTime;
  private volatile boolean away;
  private boolean told;
  private long toldNanos;
  private long lastNanos;
  private long without;

  /**
   * Nothing has been said yet.
   *
   * @param who decides, as its lines begin: {@code The gateway}
   * @param nanoTime {@link System#nanoTime()}
   */
  public OutageNotes(String who, LongSupplier nanoTime) {
    this.who = who;
    this.nanoTime = nanoTime;
    this.toldNanos = nanoTime.getAsLong() - BETWEEN_LINES.toNanos();
  }

  /** Takes note that it is away before anything is decided, which is to be said now. */
  public synchronized Note awayAtStart(String why) {
    away = true;
    told = true;
    lastNanos = nanoTime.getAsLong();
    toldNanos = lastNanos;
    return new Note(true, who + " begins without Redis: " + why);
  }

  /** Takes note of a decision; returns what is to be said now, if anything. */
  public Optional<Note> decided(Decision decision) {
    if (decision.degraded()) {
      return decidedWithout(decision.message().orElse("it does not answer"));
    }
    return away && !decision.statuses().isEmpty() ? decidedWith() : Optional.empty();
  }

  private synchronized Optional<Note> decidedWithout(String why) {
    away = true;
    without++;
    lastNanos = nanoTime.getAsLong();
    if (lastNanos - toldNanos < BETWEEN_LINES.toNanos()) {
      return Optional.empty();
    }
    Note note =
        new Note(true, who + " decided without Redis: " + without + " since the last line; " + why);
    told = true;
    toldNanos = lastNanos;
    without = 0;
    return Optional.of(note);
  }

  /** Where nothing was said of an outage, as another one was told of lately, that is made up. */
  private synchronized Optional<Note> decidedWith() {
    long nowNanos = nanoTime.getAsLong();
    boolean mayTell = told || nowNanos - toldNanos >= BETWEEN_LINES.toNanos();
    if (!away || !mayTell || nowNanos - lastNanos < QUIET.toNanos()) {
      return Optional.empty();
    }
    Note note =
        new Note(
            false,
            who + " decides with Redis again; without it " + without + " since the last line");
    away = false;
    told = false;
    without = 0;
    return Optional.of(note);
  }
}
