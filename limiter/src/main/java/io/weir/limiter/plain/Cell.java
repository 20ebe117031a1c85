package io.weir.limiter.plain;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.Outcome;
import io.weir.limiter.algorithm.Usage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.OptionalLong;

/**
 * What is remembered of one key: an algorithm's state as plain numbers, changed in place. Many
 * threads may ask it at a time.
 *
 * <p><b>How.</b> A stamp guards the numbers, as in a sequence lock: who wants to change them first
 * makes the stamp odd by a compare-and-set, and afterwards makes it another even number. Who has
 * read them knows that they belong together if the stamp is still the one seen before. So a request
 * that is denied writes nothing, and one that is admitted pays for one compare-and-set, which also
 * says that what it judged by was true. While the stamp is odd, a handful of numbers is written, so
 * others wait for it without sleeping.
 *
 * <p><b>End.</b> A cell that was dropped from the table is dead for good, and says so to whoever
 * still holds it: a key never has two cells that admit.
 *
 * <p><b>Source.</b> Boehm, "Can seqlocks get along with programming language memory models?", MSPC
 * 2012; the fences are those of {@link java.util.concurrent.locks.StampedLock}.
 */
abstract class Cell {
  /** What a step says. */
  enum Step {
    ADMITTED,
    DENIED,
    /** Nothing: the cell was dropped, and another one may have its place. */
    DEAD
  }

  private static final int LOCKED = 1;
  private static final int DEAD = 2;
  private static final int NEXT = 4;
  private static final VarHandle STAMP;

  static {
    try {
      STAMP = MethodHandles.lookup().findVarHandle(Cell.class, "stamp", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Object key;
  final int hash;

  @SuppressWarnings("unused") // by its handle
  private int stamp;

  /** Time of the last admission, in milliseconds since the epoch; 0 before the first. */
  long lastMillis;

  Cell(Object key, int hash) {
    this.key = key;
    this.hash = hash;
  }

  /** How much is used at a time, in the algorithm's own units. Never fails, whatever it reads. */
  abstract long used(Limit limit, long nowMillis);

  /** Whether a cost, which is at most the burst, fits beside what is used. */
  abstract boolean fits(Limit limit, long used, long cost);

  /** Takes a cost that fits; {@link #lastMillis} is the caller's business. */
  abstract void take(Limit limit, long nowMillis, long used, long cost);

  /** When the cell decides as a new one does, in milliseconds since the epoch. */
  abstract long idleFromMillis(Limit limit);

  /** The state as the algorithm knows it. */
  abstract LimitState state(Limit limit);

  /**
   * Judges, and takes the cost if it is admitted.
   *
   * @param earliestMillis the earliest time to judge at; where the last admission is later, that is
   * @param cost from 1 to the burst
   */
  final Step tryAcquire(Limit limit, long earliestMillis, long cost) {
    while (true) {
      int seen = awaitUnlocked();
      if ((seen & DEAD) != 0) {
        return Step.DEAD;
      }
      long nowMillis = Math.max(earliestMillis, lastMillis);
      long used = used(limit, nowMillis);
      if (fits(limit, used, cost)) {
        if (lock(seen)) {
          try {
            take(limit, nowMillis, used, cost);
            lastMillis = nowMillis;
          } finally {
            unlock(seen);
          }
          return Step.ADMITTED;
        }
      } else if (isStill(seen)) {
        return Step.DENIED;
      }
    }
  }

  /**
   * Judges as {@link #tryAcquire} does, and tells the standing; for a cell that cannot die
   * meanwhile.
   *
   * @param timestampMillis the request's own time
   * @param cost tokens to take, 0 or more; 0 is answered as 1 and takes nothing
   */
  final PlainDecision check(Limit limit, long timestampMillis, long earliestMillis, long cost) {
    int seen = lock();
    try {
      long nowMillis = Math.max(earliestMillis, lastMillis);
      return check(limit.algorithm(), limit, timestampMillis, nowMillis, cost);
    } finally {
      unlock(seen);
    }
  }

  /** To be called by who has locked it. */
  private <S extends LimitState> PlainDecision check(
      Algorithm<S> algorithm, Limit limit, long timestampMillis, long nowMillis, long cost) {
    S state = algorithm.stateType().cast(state(limit));
    Outcome<S> outcome = algorithm.check(limit, state, nowMillis, Math.max(1, cost));
    if (outcome instanceof Outcome.Admitted<S> admitted) {
      if (cost > 0) {
        take(limit, nowMillis, used(limit, nowMillis), cost);
        lastMillis = nowMillis;
      }
      Usage usage = algorithm.usage(limit, cost > 0 ? admitted.next() : state, nowMillis);
      return new PlainDecision(
          true,
          usage.remaining(),
          usage.resetAtMillis(),
          OptionalLong.empty(),
          admitted.delayMillis(),
          nowMillis);
    }
    OptionalLong retryAfterMillis =
        outcome instanceof Outcome.Denied<S> denied
            ? OptionalLong.of(denied.readyAtMillis() - timestampMillis)
            : OptionalLong.empty();
    Usage usage = algorithm.usage(limit, state, nowMillis);
    return new PlainDecision(
        false, usage.remaining(), usage.resetAtMillis(), retryAfterMillis, 0, nowMillis);
  }

  /**
   * Lets the cell die if it decides nothing any more.
   *
   * @param floorMillis the earliest time that can still come
   */
  final boolean dieIfIdle(Limit limit, long floorMillis) {
    int seen = lock();
    boolean dies = idleFromMillis(limit) <= floorMillis;
    // Where nothing was written, what others have read is as true as before.
    STAMP.setRelease(this, dies ? seen | DEAD : seen);
    return dies;
  }

  /** Lets the cell die. */
  final void die() {
    STAMP.setRelease(this, lock() | DEAD);
  }

  private int lock() {
    int seen;
    do {
      seen = awaitUnlocked();
    } while (!lock(seen));
    return seen;
  }

  private int awaitUnlocked() {
    int seen = (int) STAMP.getAcquire(this);
    for (int spins = 0; (seen & LOCKED) != 0; spins++) {
      pause(spins);
      seen = (int) STAMP.getAcquire(this);
    }
    return seen;
  }

  /** Gives way now and then: whoever has the lock may have lost its processor. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but time
  static void pause(int spins) {
    if (spins % 64 == 63) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }

  /** Whether what was read since the stamp was seen belongs together. */
  private boolean isStill(int seen) {
    VarHandle.loadLoadFence();
    return (int) STAMP.getOpaque(this) == seen;
  }

  /** Locks the cell if it is still as it was when the stamp was seen. */
  private boolean lock(int seen) {
    boolean locked = STAMP.weakCompareAndSetAcquire(this, seen, seen | LOCKED);
    VarHandle.storeStoreFence();
    return locked;
  }

  private void unlock(int seen) {
    STAMP.setRelease(this, seen + NEXT);
  }
}
