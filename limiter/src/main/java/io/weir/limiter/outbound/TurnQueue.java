package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.outbound.WaitingLine.Refused;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A bucket and those who wait for its tokens, in arrival order: what {@link TokenBucketRateLimiter}
 * and {@link AdaptiveRateLimiter} promise of waiting is kept here. Each operation is a step under
 * the lock; what it means for others, who may do anything, is run after it. Thread-safe.
 */
final class TurnQueue {
  private final OutboundContext context;
  private final Listeners listeners;
  private final ReentrantLock lock = new ReentrantLock();

  // Everything below is under the lock.
  private final SteadyTime time;
  private final Bucket bucket;
  private final WaitingLine line;

  /** Rings for the first of those who wait. */
  private final Alarm alarm;

  private boolean closed;

  TurnQueue(OutboundContext context, Limit limit) {
    this.context = context;
    this.listeners = new Listeners(context.listeners(), TokenBucketRateLimiter.class);
    this.time = new SteadyTime(context.clock());
    this.bucket = new Bucket(limit);
    this.line = new WaitingLine(context.name(), bucket);
    this.alarm = new Alarm(context.timer(), this::wake);
  }

  private String name() {
    return context.name();
  }

  Limit limit() {
    return locked((now, after) -> bucket.limit());
  }

  /** See {@link OutboundRateLimiter#acquire}. */
  Duration acquire(long tokens) {
    return locked(
        (now, after) -> {
          requireOpen();
          requireFits(tokens);
          long waitMillis = bucket.waitMillis(now, tokens);
          if (waitMillis == 0) {
            bucket.take(now, tokens);
            after.add(() -> listeners.onAcquired(name(), tokens, Duration.ZERO));
          }
          // Who is told how long to wait does not wait here: there is nothing to tell of.
          return Duration.ofMillis(waitMillis);
        });
  }

  /** See {@link OutboundRateLimiter#reserve}: from its turn on the tokens are spent. */
  CompletableFuture<Void> reserve(long tokens, Duration deadline) {
    Turn turn = enter(tokens, deadline);
    if (turn.isDone()) {
      keep(turn);
      return turn;
    }
    Reservation reservation = new Reservation(turn);
    var unused =
        turn.whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                keep(turn);
              } else {
                withdraw(turn);
                // It may be about to be let go, with its tokens.
                giveBack(turn);
              }
              reservation.settle(failure);
            });
    // Whoever completed it wants no turn any more.
    var unusedToo = reservation.whenComplete((nothing, failure) -> turn.cancel(false));
    return reservation;
  }

  /**
   * As {@link #reserve} for who may not begin at its turn, and then {@link #giveBack gives back}
   * its tokens; else it {@link #keep keeps} them.
   */
  Turn enter(long tokens, Duration deadline) {
    Times.requireNotNegative("deadline", deadline);
    return locked(
        (now, after) -> {
          requireFits(tokens);
          Duration wait = Duration.ofMillis(bucket.waitMillis(now, tokens));
          Turn turn = new Turn(tokens, now, now + Times.millis(deadline));
          Optional<RuntimeException> refusal = refusal(now, tokens, wait, deadline);
          if (refusal.isPresent()) {
            after.add(() -> listeners.onRejected(name(), tokens, refusal.get()));
            turn.isOut = true;
            turn.completeExceptionally(refusal.get());
            return turn;
          }
          if (wait.isZero()) {
            bucket.take(now, tokens);
            letGo(turn);
            turn.complete(null);
            after.add(() -> listeners.onAcquired(name(), tokens, Duration.ZERO));
            return turn;
          }
          OutboundWait told = wait(now, tokens, wait);
          line.add(now, turn, wait.toMillis());
          after.add(() -> listeners.onWait(told));
          var unused = turn.whenComplete((nothing, failure) -> withdraw(turn));
          return turn;
        });
  }

  /**
   * See {@link OutboundRateLimiter#executeAsync}: a call that does not begin at its turn gives its
   * tokens back.
   *
   * @param ended see {@link Calls#start}
   */
  <T> CompletableFuture<T> start(
      Supplier<? extends CompletionStage<T>> call, long tokens, Duration deadline, Runnable ended) {
    Turn turn = enter(tokens, deadline);
    return Calls.start(
        turn,
        () -> {
          keep(turn);
          return call.get();
        },
        context.executor(),
        () -> giveBack(turn),
        ended);
  }

  /** Who was let go has begun. Calling it again does nothing. */
  void keep(Turn turn) {
    if (turn.mark == null) {
      return;
    }
    lock.lock();
    try {
      LowWater.Mark mark = turn.mark;
      if (mark != null) {
        turn.mark = null;
        bucket.keep(mark);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Who was let go does not begin: its tokens are there for others, as far as there is room. Does
   * nothing for who kept them, or never had any.
   */
  void giveBack(Turn turn) {
    if (turn.mark == null) {
      // No step for nothing: those who failed are as many as waited.
      return;
    }
    runLocked(
        (now, after) -> {
          LowWater.Mark mark = turn.mark;
          if (mark != null) {
            turn.mark = null;
            bucket.giveBack(now, mark);
            after.add(() -> listeners.onGivenBack(name(), turn.tokens));
          }
        });
  }

  /** See {@link OutboundRateLimiter#availableTokens}. */
  long availableTokens() {
    return locked((now, after) -> bucket.available(now));
  }

  int waiting() {
    return locked((now, after) -> line.size());
  }

  @Override
  public String toString() {
    return limit() + ", " + waiting() + " waiting";
  }

  /**
   * A number of tokens that can be had.
   *
   * @throws IllegalArgumentException if it is not from 1 to the limit's burst
   */
  void requireTokens(long tokens) {
    runLocked((now, after) -> requireFits(tokens));
  }

  /** How long who would come now had to wait; longer than anybody does if it could never start. */
  Duration waitFor(long tokens) {
    return locked(
        (now, after) ->
            tokens > bucket.limit().burst()
                ? Times.FOREVER
                : Duration.ofMillis(bucket.waitMillis(now, tokens)));
  }

  /**
   * Whether it is as one that was just made, and nobody waits. Looks only: nothing of anybody else
   * runs in it.
   */
  boolean isIdle() {
    lock.lock();
    try {
      return line.isEmpty() && bucket.isFull(time.millis());
    } finally {
      lock.unlock();
    }
  }

  /** What is decided by looking at the bucket: a change of it, or none. */
  @FunctionalInterface
  interface Decider {
    Optional<Consumer<Bucket>> decide(Bucket bucket, long nowMillis);
  }

  /**
   * Changes the bucket, of which nothing is owed meanwhile, and reschedules who waits. The decider
   * runs under the lock and looks only.
   */
  void adjust(Decider decider) {
    runLocked(
        (now, after) -> {
          Limit before = bucket.limit();
          decider
              .decide(bucket, now)
              .map(change -> line.change(now, change))
              .ifPresent(all -> all.forEach(it -> fail(it.turn(), it.why(), after)));
          Limit limit = bucket.limit();
          if (!limit.equals(before)) {
            after.add(() -> listeners.onLimitChanged(name(), before, limit));
          }
        });
  }

  /** Fails those who wait, and those who come. */
  void close() {
    runLocked(
        (now, after) -> {
          closed = true;
          failAll(now, new IllegalStateException("'" + name() + "' was closed"), after);
        });
  }

  /** Gives back the reservation of a turn that did not come. Calling it again does nothing. */
  void withdraw(Turn turn) {
    if (turn.isOut) {
      // Its turn came: no step is to be taken inside the one that let it start.
      return;
    }
    runLocked((now, after) -> line.remove(now, turn));
  }

  private void fail(Turn turn, RuntimeException why, After after) {
    turn.isOut = true;
    after.complete(() -> turn.completeExceptionally(why));
    after.add(() -> listeners.onRejected(name(), turn.tokens, why));
  }

  private void failAll(long now, RuntimeException why, After after) {
    line.clear(now).forEach(turn -> fail(turn, why, after));
  }

  private Optional<RuntimeException> refusal(
      long now, long tokens, Duration wait, Duration deadline) {
    if (closed) {
      return Optional.of(closedException());
    }
    if (wait.toMillis() > Times.millis(deadline)) {
      return Optional.of(new RateLimitWaitException(name(), tokens, wait, deadline));
    }
    boolean full = line.size() >= context.maxWaiting() || !bucket.canOweMore(now);
    return full && !wait.isZero()
        ? Optional.of(new OutboundRejectedException(name(), line.size()))
        : Optional.empty();
  }

  private OutboundWait wait(long now, long tokens, Duration wait) {
    boolean paused = bucket.pauseMillis(now) > 0;
    return new OutboundWait(
        name(),
        tokens,
        paused ? OutboundWait.Cause.SERVER : OutboundWait.Cause.BUCKET,
        Optional.of(wait),
        line.size());
  }

  private void requireOpen() {
    if (closed) {
      throw closedException();
    }
  }

  private IllegalStateException closedException() {
    return new IllegalStateException("'" + name() + "' is closed");
  }

  private void requireFits(long tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens is " + tokens + "; it must be 1 or more");
    }
    if (tokens > bucket.limit().burst()) {
      throw line.aboveBurst(tokens);
    }
  }

  /** What is done under the lock; what it adds is run after it. */
  @FunctionalInterface
  private interface Step<R> {
    R take(long now, After after);
  }

  /** A step that is not asked anything. */
  @FunctionalInterface
  private interface Change {
    void take(long now, After after);
  }

  private void runLocked(Change change) {
    locked(
        (now, after) -> {
          change.take(now, after);
          return now;
        });
  }

  /** A step, with all that has become ready before and after it. */
  private <R> R locked(Step<R> step) {
    After after = new After();
    lock.lock();
    try {
      long now = time.millis();
      settle(now, after);
      try {
        return step.take(now, after);
      } finally {
        settle(now, after);
        arm(now, after);
      }
    } finally {
      lock.unlock();
      after.run();
    }
  }

  /** Lets those start whose turn it is, and fails those who would be too late. */
  private void settle(long now, After after) {
    Consumer<Refused> refusals = it -> fail(it.turn(), it.why(), after);
    Optional<Turn> next = line.startNext(now, refusals);
    while (next.isPresent()) {
      Turn turn = next.get();
      letGo(turn);
      Duration waited = Duration.ofMillis(now - turn.sinceMillis);
      after.complete(
          () -> {
            if (turn.complete(null)) {
              after.add(() -> listeners.onAcquired(name(), turn.tokens, waited));
            } else {
              // Cancelled just now, when nobody could take it out of the queue any more.
              after.add(() -> giveBack(turn));
            }
          });
      next = line.startNext(now, refusals);
    }
  }

  private void letGo(Turn turn) {
    turn.isOut = true;
    turn.mark = bucket.mark(turn.tokens);
  }

  /** Sees to it that the first of those who wait is woken. */
  private void arm(long now, After after) {
    if (line.isEmpty()) {
      alarm.clear();
      return;
    }
    try {
      alarm.set(now, now + line.firstWaitMillis(now));
    } catch (RejectedExecutionException e) {
      failAll(now, new IllegalStateException("the timer of '" + name() + "' is closed", e), after);
    } catch (Throwable e) {
      failAll(now, new IllegalStateException("the timer of '" + name() + "' failed", e), after);
    }
  }

  private void wake(Alarm.Ring ring) {
    lock.lock();
    try {
      // Whoever still waits needs another one.
      alarm.rang(ring);
    } finally {
      lock.unlock();
    }
    try {
      runLocked((now, after) -> {});
    } catch (Throwable e) {
      // Nothing would wake them again.
      failWaiting(new IllegalStateException("the clock of '" + name() + "' failed", e));
    }
  }

  private void failWaiting(RuntimeException why) {
    After after = new After();
    lock.lock();
    try {
      failAll(time.lastMillis(), why, after);
    } finally {
      lock.unlock();
      after.run();
    }
  }

  /** The queue of a limiter of either kind. */
  static TurnQueue of(OutboundRateLimiter limiter) {
    return limiter instanceof AdaptiveRateLimiter adaptive
        ? adaptive.queue()
        : ((TokenBucketRateLimiter) limiter).queue();
  }
}
