package io.weir.limiter.outbound;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

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
 * is closed its metrics go, those of its parts, too, and make room for other names; calls of it
 * that come later are not counted. What happened before it was bound is not told. Thread-safe.
 */
public final class OutboundMetrics implements OutboundListener, MeterBinder {
  private static final int MAX_NAMES = 200;
  private static final int MAX_CHARS = 120;
  private static final String OTHER = "other";
  private static final String PREFIX = "weir.outbound.";
  private static final String LIMITER = "limiter";
  private static final String CLOSED = "closed";

  private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
  private final List<OutboundRateLimiter> watched = new CopyOnWriteArrayList<>();
  private final List<EndpointRateLimiter> wholes = new CopyOnWriteArrayList<>();

  /** By tag, the parts that are shown, and what they are parts of. */
  private final Map<String, EndpointRateLimiter> parts = new ConcurrentHashMap<>();

  /** The names that have a tag of their own; those there are read without the lock. */
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /** Metrics that are bound to no registry yet. */
  public OutboundMetrics() {}

  /** Tells of a limiter's tokens, of who waits and of its rate, as long as there are metrics. */
  public void watch(OutboundRateLimiter limiter) {
    watched.add(limiter);
    registries.forEach(registry -> gauges(registry, limiter));
  }

  /**
   * Tells the same of the limiters of endpoints, of each from its first call on, as long as there
   * are metrics: it must have these as a listener. Where several have one name, as those of all
   * paths that no pattern matches, what is told is the fewest tokens, all who wait, and the slowest
   * rate; of a limiter that was forgotten, as it was idle, there are no tokens and no rate (NaN).
   */
  public void watch(EndpointRateLimiter limiter) {
    wholes.add(limiter);
    limiter.names().forEach(this::show);
  }

  /** Tells the same of the limiters of a client, see {@link #watch(EndpointRateLimiter)}. */
  public void watch(RateLimitedHttpClient client) {
    watch(client.endpoints());
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    registries.add(registry);
    watched.forEach(limiter -> gauges(registry, limiter));
    parts.forEach((tag, whole) -> gauges(registry, whole, tag));
  }

  private void gauges(MeterRegistry registry, OutboundRateLimiter limiter) {
    String tag = tag(limiter.name());
    // One of many would be shown for all.
    if (!tag.equals(OTHER)) {
      gauges(
          registry,
          limiter,
          tag,
          OutboundRateLimiter::availableTokens,
          OutboundRateLimiter::waiting,
          it -> Standing.perSecond(it.limit()));
    }
  }

  /** Shows a limiter that is a part of what is watched, if it is. */
  private void show(String name) {
    if (wholes.isEmpty() || parts.containsKey(shortened(name))) {
      return;
    }
    String tag = tag(name);
    for (EndpointRateLimiter whole : wholes) {
      boolean isPart = !tag.equals(OTHER) && name.startsWith(whole.name() + " ");
      if (isPart && parts.putIfAbsent(tag, whole) == null) {
        registries.forEach(registry -> gauges(registry, whole, tag));
      }
    }
  }

  private static void gauges(MeterRegistry registry, EndpointRateLimiter whole, String tag) {
    Predicate<String> itself = name -> shortened(name).equals(tag);
    gauges(
        registry,
        whole,
        tag,
        it -> {
          OptionalLong tokens = it.standing(itself).tokens();
          return tokens.isPresent() ? (double) tokens.getAsLong() : Double.NaN;
        },
        it -> it.standing(itself).waiting(),
        it -> it.standing(itself).perSecond().orElse(Double.NaN));
  }

  private static <T> void gauges(
      MeterRegistry registry,
      T limiter,
      String tag,
      ToDoubleFunction<T> tokens,
      ToDoubleFunction<T> waiting,
      ToDoubleFunction<T> perSecond) {
    Gauge.builder("weir.outbound.tokens", limiter, tokens)
        .description("Tokens that can be taken without a wait")
        .tag(LIMITER, tag)
        .register(registry);
    Gauge.builder("weir.outbound.waiting", limiter, waiting)
        .description("Calls that wait for their turn")
        .tag(LIMITER, tag)
        .register(registry);
    Gauge.builder("weir.outbound.rate", limiter, perSecond)
        .description("Requests that the limit admits per second")
        .tag(LIMITER, tag)
        .register(registry);
  }

  @Override
  public void onWait(OutboundWait wait) {
    show(wait.limiter());
  }

  @Override
  public void onAcquired(String limiter, long tokens, Duration waited) {
    show(limiter);
    String tag = tag(limiter);
    for (MeterRegistry registry : registries) {
      Counter.builder("weir.outbound.acquired")
          .description("Tokens that were taken")
          .tag(LIMITER, tag)
          .register(registry)
          .increment((double) tokens);
      Timer.builder("weir.outbound.wait")
          .description("How long calls waited for their tokens")
          .tag(LIMITER, tag)
          .register(registry)
          .record(waited);
    }
  }

  @Override
  public void onGivenBack(String limiter, long tokens) {
    for (MeterRegistry registry : registries) {
      Counter.builder("weir.outbound.given.back")
          .description("Tokens that were taken by calls that did not begin after all")
          .tag(LIMITER, tag(limiter))
          .register(registry)
          .increment((double) tokens);
    }
  }

  @Override
  public void onRejected(String limiter, long tokens, RuntimeException why) {
    String reason = reason(why);
    if (reason.equals(CLOSED) && !names.contains(shortened(limiter))) {
      // Its metrics went when it was closed; who comes later does not bring them back.
      return;
    }
    for (MeterRegistry registry : registries) {
      Counter.builder("weir.outbound.rejected")
          .description("Calls that were refused and took nothing")
          .tag(LIMITER, tag(limiter))
          .tag("reason", reason)
          .register(registry)
          .increment();
    }
  }

  private static String reason(RuntimeException why) {
    if (why instanceof RateLimitWaitException) {
      return "deadline";
    }
    if (why instanceof OutboundRejectedException) {
      return "queue_full";
    }
    return why instanceof IllegalArgumentException ? "burst" : CLOSED;
  }

  @Override
  public void onLimitChanged(String limiter, Limit from, Limit to) {
    for (MeterRegistry registry : registries) {
      Counter.builder("weir.outbound.limit.changes")
          .description("Changes of the limit, by hand or by the server's word")
          .tag(LIMITER, tag(limiter))
          .register(registry)
          .increment();
    }
  }

  @Override
  public void onClosed(String limiter) {
    watched.removeIf(it -> it.name().equals(limiter));
    wholes.removeIf(it -> it.name().equals(limiter));
    String closed = shortened(limiter);
    parts.keySet().removeIf(tag -> isOf(closed, tag));
    for (MeterRegistry registry : registries) {
      for (Meter meter : registry.getMeters()) {
        if (meter.getId().getName().startsWith(PREFIX)
            && isOf(closed, meter.getId().getTag(LIMITER))) {
          registry.remove(meter);
        }
      }
    }
    names.removeIf(name -> isOf(closed, name));
  }

  /** Whether a tag is of a limiter or of a part of it. */
  private static boolean isOf(String limiter, @Nullable String tag) {
    return tag != null && (tag.equals(limiter) || tag.startsWith(limiter + " "));
  }

  private String tag(String name) {
    String tag = shortened(name);
    if (names.contains(tag)) {
      return tag;
    }
    synchronized (names) {
      if (names.size() >= MAX_NAMES && !names.contains(tag)) {
        return OTHER;
      }
      names.add(tag);
      return tag;
    }
  }

  private static String shortened(String name) {
    return name.length() <= MAX_CHARS ? name : name.substring(0, MAX_CHARS);
  }
}
