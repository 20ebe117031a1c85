package io.weir.limiter.plain;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.plain.Cell.Step;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One limit: yes or no, now.
 *
 * <pre>{@code
 * PlainLimiter limiter = PlainLimiter.of(Limit.tokenBucket(100, Duration.ofSeconds(1)));
 * if (limiter.tryAcquire()) {
 *   serve();
 * }
 * }</pre>
 *
 * <p>There is one without keys, {@link #of}, and one for each key of a {@link KeyedLimiter}, {@link
 * KeyedLimiter#key}; {@link KeyedLimiter} tells what both promise. Thread-safe; {@code tryAcquire}
 * allocates nothing while the limiter is in use. Who keeps one for a key keeps no state of it: when
 * the key is idle its state goes, and comes back with the next request.
 */
public final class PlainLimiter {
  private final KeyedLimiter<?> limiter;
  private final Object key;
  private final int hash;

  /** Where the state of the key was last; it may be dead. */
  private volatile @Nullable Cell cell;

  PlainLimiter(KeyedLimiter<?> limiter, Object key, int hash) {
    this.limiter = limiter;
    this.key = key;
    this.hash = hash;
  }

  /**
   * A limiter without keys, on the system's clock.
   *
   * @throws IllegalArgumentException if the limit's algorithm is not one of the library's five
   */
  public static PlainLimiter of(Limit limit) {
    return of(limit, InstantSource.system());
  }

  /**
   * A limiter without keys, on a clock of its own.
   *
   * @throws IllegalArgumentException if the limit's algorithm is not one of the library's five
   */
  public static PlainLimiter of(Limit limit, InstantSource clock) {
    return KeyedLimiter.builder(limit).clock(clock).maxKeys(1).<String>build().key("");
  }

  /**
   * Takes one token if the limit admits it.
   *
   * @return whether it did; if not, nothing is taken
   */
  public boolean tryAcquire() {
    return tryAcquire(1);
  }

  /**
   * Takes so many tokens if the limit admits them all.
   *
   * @param cost how many; 0 is answered as 1 and takes nothing
   * @return whether it did; if not, nothing is taken. Above the limit's burst it never does
   * @throws IllegalArgumentException if the cost is below 0
   */
  public boolean tryAcquire(long cost) {
    if (!limiter.isOrdinary(cost)) {
      return limiter.tryAcquireExtraordinary(hash, key, cost);
    }
    long earliestMillis = limiter.see(limiter.millis());
    Cell known = cell;
    Step step = known == null ? Step.DEAD : known.tryAcquire(limiter.limit(), earliestMillis, cost);
    return step == Step.DEAD
        ? limiter.tryAcquireAnew(hash, key, earliestMillis, cost, this)
        : step == Step.ADMITTED;
  }

  /** Takes one token as {@link #tryAcquire()} does, and tells how the limit stands. */
  public PlainDecision check() {
    return check(1);
  }

  /**
   * Takes so many tokens as {@link #tryAcquire(long)} does, and tells how the limit stands.
   *
   * @param cost how many; 0 is answered as 1 and takes nothing
   * @throws IllegalArgumentException if the cost is below 0
   */
  public PlainDecision check(long cost) {
    return limiter.check(hash, key, cost);
  }

  /** Makes a call for one token: {@link KeyedLimiter#guard(Object, long, Callable)}. */
  public <T> T guard(Callable<T> call) throws Exception {
    return guard(1, call);
  }

  /** Makes a call for so many tokens: {@link KeyedLimiter#guard(Object, long, Callable)}. */
  public <T> T guard(long cost, Callable<T> call) throws Exception {
    Objects.requireNonNull(call, "call");
    return Guarded.call(limiter.limit(), key, check(cost), call);
  }

  /** Makes a call for so many tokens: {@link KeyedLimiter#guardAsync}. */
  public <T> CompletableFuture<T> guardAsync(
      long cost, Supplier<? extends CompletionStage<T>> call) {
    Objects.requireNonNull(call, "call");
    return Guarded.callAsync(limiter.limit(), key, check(cost), call);
  }

  void hold(Cell newCell) {
    cell = newCell;
  }

  /** Without the key, which may be a secret. */
  @Override
  public String toString() {
    return "PlainLimiter[" + limiter.limit() + "]";
  }
}
