package io.weir.limiter.spring;

/** A bean that changes the filter that is configured on WebFlux: adds an attribute, say. */
@FunctionalInterface
public interface RateLimitWebFilterCustomizer {
  /** Changes settings, after those of {@code weir.filter.*}. */
  void customize(RateLimitWebFilterBuilder filter);
}
