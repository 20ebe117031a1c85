package io.weir.limiter.outbound;

import io.weir.limiter.words.Quoted;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for everything in this package. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class OutboundBuilder<B extends OutboundBuilder<B>>
    permits TokenBucketRateLimiter.Builder,
        AdaptiveRateLimiter.Builder,
        EndpointRateLimiter.Builder,
        RateLimitedExecutor.Builder,
        RateLimitedHttpClient.Builder {
  private static final int DEFAULT_MAX_WAITING = 10_000;

  private final List<OutboundListener> listeners = new ArrayList<>();
  private String name = "outbound";
  private @Nullable InstantSource clock;
  private @Nullable OutboundTimer timer;
  private Executor executor = ForkJoinPool.commonPool();
  private int maxWaiting = DEFAULT_MAX_WAITING;
  private Duration maxWait = Times.FOREVER;

  OutboundBuilder() {}

  abstract B self();

  /**
   * The name in metrics, logs and messages; "outbound" if not set.
   *
   * @throws IllegalArgumentException if it is empty, or has characters that are not to be seen
   */
  public B name(String newName) {
    if (newName.isBlank() || !Quoted.isSeen(newName)) {
      throw new IllegalArgumentException(
          "the name is '"
              + Quoted.text(newName)
              + "'; it must be a word or more in one line, such as github");
    }
    name = newName;
    return self();
  }

  /**
   * The clock, to the millisecond. It may be set back: the limiter goes on from where it was. If
   * not set, one that nobody can set.
   */
  public B clock(InstantSource newClock) {
    clock = newClock;
    return self();
  }

  /**
   * The timer that wakes who waits, for example one that several limiters share; it is not closed
   * with them. If not set, a {@link SystemTimer} of its own.
   */
  public B timer(OutboundTimer newTimer) {
    timer = newTimer;
    return self();
  }

  /**
   * The executor that starts asynchronous calls that had to wait; the common pool if not set. In
   * what order they run on several threads is then the executor's affair.
   */
  public B executor(Executor newExecutor) {
    executor = newExecutor;
    return self();
  }

  /** Adds a listener. */
  public B listener(OutboundListener listener) {
    listeners.add(listener);
    return self();
  }

  /**
   * How many calls may wait, 0 or more; 10,000 if not set.
   *
   * @throws IllegalArgumentException if it is below 0
   */
  public B maxWaiting(int newMaxWaiting) {
    if (newMaxWaiting < 0) {
      throw new IllegalArgumentException(
          "maxWaiting is " + newMaxWaiting + "; it must be 0 or more");
    }
    maxWaiting = newMaxWaiting;
    return self();
  }

  /**
   * The deadline of calls that have none of their own; without end if not set.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public B maxWait(Duration newMaxWait) {
    maxWait = Times.requireNotNegative("maxWait", newMaxWait);
    return self();
  }

  /**
   * A builder as properties have it: with the settings that all have, and with its own.
   *
   * @param name the name in the properties, and the object's
   * @param start makes a builder and sets what it alone has
   * @throws IllegalArgumentException if a setting is unknown, missing or wrong
   */
  static <B extends OutboundBuilder<B>> B of(
      String name, Map<?, ?> properties, Function<OutboundProperties, B> start) {
    OutboundProperties settings = new OutboundProperties(name, properties);
    B builder = start.apply(settings).name(name);
    settings.integer("max.waiting", 0, builder::maxWaiting);
    settings.duration("max.wait", builder::maxWait);
    settings.finish();
    return builder;
  }

  OutboundContext context() {
    Optional<SystemTimer> ownTimer =
        timer == null ? Optional.of(new SystemTimer("weir-outbound-" + name)) : Optional.empty();
    return new OutboundContext(
        name,
        clock == null ? new MonotonicClock() : clock,
        clock == null ? InstantSource.system() : clock,
        timer == null ? ownTimer.orElseThrow() : timer,
        ownTimer,
        executor,
        listeners.stream().map(it -> it.of(name)).toList(),
        maxWaiting,
        maxWait,
        false,
        new AtomicBoolean());
  }
}
