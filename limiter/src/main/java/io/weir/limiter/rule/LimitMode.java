package io.weir.limiter.rule;

/** What a refusal of one limit means for the whole request. */
public enum LimitMode {
  /** Denies the request by itself. */
  ENFORCED,
  /** Is evaluated and reported but never denies. */
  SHADOW,
  /** Denies only where every quota limit of the request refuses. */
  QUOTA
}
