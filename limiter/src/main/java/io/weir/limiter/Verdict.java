package io.weir.limiter;

/** May the request proceed? */
public enum Verdict {
  /** It may. */
  ALLOW,
  /** It may not. */
  DENY
}
