package io.weir.limiter.outbound;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Shows how limiters stand that are watched, and their parts. Thread-safe. */
final class OutboundGauges {
  /** The tag that has the limiter's name. */
  static final String LIMITER = "limiter";

  private final List<MeterRegistry> registries;
  private final MetricNames names;
  private final List<OutboundRateLimiter> watched = new CopyOnWriteArrayList<>();
  private final List<EndpointRateLimiter> wholes = new CopyOnWriteArrayList<>();

  /** By tag, the parts that are shown, and what they are parts of. */
  private final Map<String, EndpointRateLimiter> parts = new ConcurrentHashMap<>();

  /**
   * Gauges of nothing yet.
   *
   * @param registries where they are shown, those that come later, too
   */
  OutboundGauges(List<MeterRegistry> registries, MetricNames names) {
    this.registries = registries;
    this.names = names;
  }

  void watch(OutboundRateLimiter limiter) {
    watched.add(limiter);
    registries.forEach(registry -> gauges(registry, limiter));
  }

  void watch(EndpointRateLimiter limiter) {
    wholes.add(limiter);
    limiter.names().forEach(this::show);
  }

  /** Shows in one more registry what is shown. */
  void bindTo(MeterRegistry registry) {
    watched.forEach(limiter -> gauges(registry, limiter));
    parts.forEach((tag, whole) -> gauges(registry, whole, tag));
  }

  /** Watches those of a name no more. */
  void forget(String limiter) {
    List<Object> over = new ArrayList<>();
    watched.stream().filter(it -> it.name().equals(limiter)).forEach(over::add);
    wholes.stream().filter(it -> it.name().equals(limiter)).forEach(over::add);
    watched.removeAll(over);
    wholes.removeAll(over);
    parts.values().removeAll(over);
    over.forEach(each -> names.release(each, tag -> true));
  }

  private void gauges(MeterRegistry registry, OutboundRateLimiter limiter) {
    String tag = names.tag(limiter.name(), limiter);
    // One of many would be shown for all.
    if (!tag.equals(MetricNames.OTHER)) {
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
  void show(String name) {
    if (parts.containsKey(MetricNames.shortened(name))) {
      return;
    }
    for (EndpointRateLimiter whole : wholes) {
      if (name.startsWith(whole.name() + " ")) {
        String tag = names.tag(name, whole);
        if (!tag.equals(MetricNames.OTHER) && parts.putIfAbsent(tag, whole) == null) {
          registries.forEach(registry -> gauges(registry, whole, tag));
        }
      }
    }
  }

  private static void gauges(MeterRegistry registry, EndpointRateLimiter whole, String tag) {
    Predicate<String> itself = name -> MetricNames.shortened(name).equals(tag);
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
}
