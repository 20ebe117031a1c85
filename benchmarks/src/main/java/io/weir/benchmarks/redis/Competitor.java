package io.weir.benchmarks.redis;

import java.util.Locale;

/** What is measured. */
public enum Competitor {
  /** {@code RedisRateLimiter} as it comes. */
  WEIR,
  /** Bucket4j's proxy manager on Lettuce, as it comes. */
  BUCKET4J,
  /** A script that does nothing: what any limiter that asks Redis once for each check must take. */
  FLOOR;

  /** Its name in reports. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
