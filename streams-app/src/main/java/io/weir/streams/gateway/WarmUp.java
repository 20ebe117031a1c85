package io.weir.streams.gateway;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.perMinute;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.SlidingWindowCounter;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a gateway does before it lets anybody in: it asks Redis as its callers will, so that classes
 * are loaded, connections stand and Redis has the script, and the first caller is answered within
 * the time that Redis is waited for. It peeks, by rules of its own, so nothing is charged and
 * nothing written. A Redis that is away, or slow all the time, keeps nobody out: it gives up soon.
 */
public final class WarmUp {
  /** Several in a row, as one that was in time can be followed by one that was not. */
  static final int CHECKS = 20;

  /** For all of it. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final String DOMAIN = "weir";
  private static final String KEY = "warm-up";

  /** One limit of each kind: the script has a branch for each. */
  private static final RuleSet RULES =
      RuleSet.of(
          DomainRules.of(
              DOMAIN,
              key(KEY)
                  .limits(
                      perMinute(1).named("fixed-window").algorithm(new FixedWindow()),
                      perMinute(1).named("token-bucket").algorithm(new TokenBucket()),
                      perMinute(1).named("leaky-bucket").algorithm(new LeakyBucket()),
                      perMinute(1).named("window-log").algorithm(new SlidingWindowLog()),
                      perMinute(1).named("window-counter").algorithm(new SlidingWindowCounter()))));

  private final Supplier<RuleSet> rules;
  private final LongSupplier nanoTime;
  private final BooleanSupplier pause;
  private volatile boolean isUnderWay;

  /**
   * A warm-up that has not begun.
   *
   * @param rules the rules that callers are judged by
   * @param nanoTime the clock that bounds it
   * @param pause waits for a moment; false where there is to be no more of it, because of a stop
   */
  public WarmUp(Supplier<RuleSet> rules, LongSupplier nanoTime, BooleanSupplier pause) {
    this.rules = rules;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /** The rules that the limiter judges by: those of the warm-up while it is under way. */
  public RuleSet rules() {
    return isUnderWay ? RULES : rules.get();
  }

  /**
   * Asks until so many answers in a row were Redis's, or the time is up.
   *
   * @param limiter judges by {@link #rules}, and is asked by nobody else meanwhile
   */
  public void run(AsyncRateLimiter limiter) {
    long endNanos = nanoTime.getAsLong() + PATIENCE.toNanos();
    isUnderWay = true;
    try {
      int inRow = 0;
      // Of identifiers of their own, which in a cluster are on several servers.
      for (int asked = 0; inRow < CHECKS; asked++) {
        long leftNanos = endNanos - nanoTime.getAsLong();
        if (leftNanos <= 0) {
          return;
        }
        boolean isGood =
            isAnswered(limiter, Request.of(DOMAIN, KEY, String.valueOf(asked)).peek(), leftNanos);
        inRow = isGood ? inRow + 1 : 0;
        if (!isGood && !pause.getAsBoolean()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      isUnderWay = false;
    }
  }

  private static boolean isAnswered(AsyncRateLimiter limiter, Request request, long leftNanos)
      throws InterruptedException {
    try {
      Decision decision =
          limiter.checkAsync(request).toCompletableFuture().get(leftNanos, TimeUnit.NANOSECONDS);
      return !decision.degraded();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
