package io.weir.limiter.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What was asked for one call, and whose it is in the end: the call's, if that begins first, or the
 * limiter's again, if the caller gives up before. Thread-safe.
 *
 * @param <T> what tells what was taken
 */
final class Claim<T> {
  private final CompletableFuture<T> taken;
  private final Consumer<T> giveBack;
  private final AtomicBoolean settled = new AtomicBoolean();

  /**
   * A claim.
   *
   * @param taken who cancels it before it is there has taken nothing
   * @param giveBack gives back what was taken
   */
  Claim(CompletableFuture<T> taken, Consumer<T> giveBack) {
    this.taken = taken;
    this.giveBack = giveBack;
  }

  /** What was taken, once it is there. */
  CompletableFuture<T> taken() {
    return taken;
  }

  /** The call begins. If this is false the caller gave up, and it must not. */
  boolean begin() {
    return settled.compareAndSet(false, true);
  }

  /**
   * Nobody wants the call any more.
   *
   * @return whether it had not begun, nor was given up before
   */
  boolean giveUp() {
    if (!settled.compareAndSet(false, true)) {
      return false;
    }
    taken.cancel(false);
    // It was there before.
    var unused = taken.thenAccept(giveBack);
    return true;
  }
}
