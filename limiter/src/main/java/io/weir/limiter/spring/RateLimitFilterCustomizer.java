package io.weir.limiter.spring;

import io.weir.limiter.http.servlet.RateLimitFilterBuilder;

/** A bean that changes the filter that is configured: adds an attribute of a function, say. */
@FunctionalInterface
public interface RateLimitFilterCustomizer {
  /** Changes settings, after those of {@code weir.filter.*}. */
  void customize(RateLimitFilterBuilder filter);
}
