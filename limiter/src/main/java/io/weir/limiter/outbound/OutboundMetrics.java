package io.weir.limiter.outbound;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Metrics of limiters, for Micrometer, which must be on the class path for this class alone. Give
 * it to builders as a listener, and bind it to registries:
 *
 * <pre>{@code
 * OutboundMetrics metrics = new OutboundMetrics();
 * var limiter = TokenBucketRateLimiter.builder(limit).name("github").listener(metrics).build();
 * metrics.watch(limiter); // or limiters of endpoints, or an HTTP client
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <ul>
 *   <li>{@code weir.outbound.acquired}: tokens that were taken;
 *   <li>{@code weir.outbound.given.back}: those of them that went back, as their calls did not
 *       begin;
 *   <li>{@code weir.outbound.wait}: how long calls waited for them, those that did not included;
 *   <li>{@code weir.outbound.rejected}: calls that were refused, by {@code reason}: {@code
 *       deadline}, {@code queue_full}, {@code closed}, {@code burst};
 *   <li>{@code weir.outbound.limit.changes}: how often the limit changed;
 *   <li>{@code weir.outbound.tokens}, {@code weir.outbound.waiting} and {@code weir.outbound.rate}
 *       (requests per second) of limiters that are watched, and of the parts of those of endpoints
 *       and of HTTP clients.
 * </ul>
 *
 * <p>All have the tag {@code limiter}, the limiter's name; of an {@link EndpointRateLimiter} that
 * is its own name, the host and the pattern, never a path. It has 120 characters at most. Beyond
 * 200 names the tag is {@code other}, and limiters that are watched are not shown. When a limiter
 * is closed its metrics go, those of its parts, too, unless another one of the same name is open,
 * and make room for other names; what it does later is not counted. What happened before it was
 * bound is not told. Thread-safe.
 */
public final class OutboundMetrics implements OutboundListener, MeterBinder {
  private static final String PREFIX = "weir.outbound.";

  private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
  private final MetricNames names = new MetricNames();
  private final OutboundGauges gauges = new OutboundGauges(registries, names);

  /** What is told by other listeners, of whom nobody says who they are. */
  private final Counted others = new Counted();

  /** Metrics that are bound to no registry yet. */
  public OutboundMetrics() {}

  /** Tells of a limiter's tokens, of who waits and of its rate, as long as there are metrics. */
  public void watch(OutboundRateLimiter limiter) {
    gauges.watch(limiter);
  }

  /**
   * Tells the same of the limiters of endpoints, of each from its first call on, as long as there
   * are metrics: it must have these as a listener. Where several have one name, as those of all
   * paths that no pattern matches, what is told is the fewest tokens, all who wait, and the slowest
   * rate; of a limiter that was forgotten, as it was idle, there are no tokens and no rate (NaN).
   */
  public void watch(EndpointRateLimiter limiter) {
    gauges.watch(limiter);
  }

  /** Tells the same of the limiters of a client, see {@link #watch(EndpointRateLimiter)}. */
  public void watch(RateLimitedHttpClient client) {
    watch(client.endpoints());
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    registries.add(registry);
    gauges.bindTo(registry);
  }

  /** Counts what one limiter and its parts do, until it is closed. */
  @Override
  public OutboundListener of(String limiter) {
    return new Counted();
  }

  @Override
  public void onWait(OutboundWait wait) {
    others.onWait(wait);
  }

  @Override
  public void onAcquired(String limiter, long tokens, Duration waited) {
    others.onAcquired(limiter, tokens, waited);
  }

  @Override
  public void onGivenBack(String limiter, long tokens) {
    others.onGivenBack(limiter, tokens);
  }

  @Override
  public void onRejected(String limiter, long tokens, RuntimeException why) {
    others.onRejected(limiter, tokens, why);
  }

  @Override
  public void onLimitChanged(String limiter, Limit from, Limit to) {
    others.onLimitChanged(limiter, from, to);
  }

  @Override
  public void onClosed(String limiter) {
    forget(others, limiter);
  }

  /** Ends what somebody told of a limiter, and whom else of that name is watched. */
  private void forget(Object teller, String limiter) {
    names.release(teller, tag -> isOf(MetricNames.shortened(limiter), tag));
    gauges.forget(limiter);
    removeUnused();
  }

  private void removeUnused() {
    for (MeterRegistry registry : registries) {
      for (Meter meter : registry.getMeters()) {
        String tag = meter.getId().getTag(OutboundGauges.LIMITER);
        if (meter.getId().getName().startsWith(PREFIX) && tag != null && !names.isUsed(tag)) {
          registry.remove(meter);
        }
      }
    }
  }

  /** Whether a tag is of a limiter or of a part of it. */
  private static boolean isOf(String limiter, String tag) {
    return tag.equals(limiter) || tag.startsWith(limiter + " ");
  }

  private static String reason(RuntimeException why) {
    if (why instanceof RateLimitWaitException) {
      return "deadline";
    }
    if (why instanceof OutboundRejectedException) {
      return "queue_full";
    }
    return why instanceof IllegalArgumentException ? "burst" : "closed";
  }

  /** Counts what it hears, with tags that it uses until it hears of the end. */
  private final class Counted implements OutboundListener {
    private volatile boolean closed;

    @Override
    public void onWait(OutboundWait wait) {
      unlessClosed(() -> gauges.show(wait.limiter()));
    }

    @Override
    public void onAcquired(String limiter, long tokens, Duration waited) {
      unlessClosed(
          () -> {
            gauges.show(limiter);
            String tag = names.tag(limiter, this);
            for (MeterRegistry registry : registries) {
              Counter.builder("weir.outbound.acquired")
                  .description("Tokens that were taken")
                  .tag(OutboundGauges.LIMITER, tag)
                  .register(registry)
                  .increment((double) tokens);
              Timer.builder("weir.outbound.wait")
                  .description("How long calls waited for their tokens")
                  .tag(OutboundGauges.LIMITER, tag)
                  .register(registry)
                  .record(waited);
            }
          });
    }

    @Override
    public void onGivenBack(String limiter, long tokens) {
      unlessClosed(
          () ->
              count(
                  Counter.builder("weir.outbound.given.back")
                      .description("Tokens that were taken by calls that did not begin after all"),
                  limiter,
                  tokens));
    }

    @Override
    public void onRejected(String limiter, long tokens, RuntimeException why) {
      unlessClosed(
          () ->
              count(
                  Counter.builder("weir.outbound.rejected")
                      .description("Calls that were refused and took nothing")
                      .tag("reason", reason(why)),
                  limiter,
                  1));
    }

    @Override
    public void onLimitChanged(String limiter, Limit from, Limit to) {
      unlessClosed(
          () ->
              count(
                  Counter.builder("weir.outbound.limit.changes")
                      .description("Changes of the limit, by hand or by the server's word"),
                  limiter,
                  1));
    }

    private void count(Counter.Builder counter, String limiter, long amount) {
      String tag = names.tag(limiter, this);
      for (MeterRegistry registry : registries) {
        counter.tag(OutboundGauges.LIMITER, tag).register(registry).increment((double) amount);
      }
    }

    @Override
    public void onClosed(String limiter) {
      closed = true;
      forget(this, limiter);
    }

    /** What is told by other threads may come with the end, and be counted after it. */
    private void unlessClosed(Runnable event) {
      if (closed) {
        return;
      }
      event.run();
      if (closed) {
        names.release(this, tag -> true);
        removeUnused();
      }
    }
  }
}
