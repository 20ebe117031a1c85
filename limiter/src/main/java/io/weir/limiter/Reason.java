package io.weir.limiter;

/** Why a decision is what it is. */
public enum Reason {
  /** Allowed: every limit admitted the request. */
  WITHIN_LIMIT,
  /** Denied: it does not fit now. */
  OVER_LIMIT,
  /** Denied: the cost is above what a limit can ever admit; waiting does not help. */
  NEVER_FITS,
  /** Allowed: no rule matched. */
  NO_RULE,
  /** Allowed: the only limits that matched are unlimited. */
  UNLIMITED,
  /** Allowed, though a shadow limit would have denied. */
  SHADOW_OVER_LIMIT,
  /** Allowed, though some quota limits are exhausted. */
  QUOTA_OVER_LIMIT,
  /** Allowed: the tokens that came back were given back. */
  REFUNDED,
  /** Allowed: nothing is remembered of the identifiers any more. */
  RESET,
  /** Denied: the request makes no sense. */
  INVALID_REQUEST,
  /** Denied: not all identifiers of the request answered in time; nothing is charged. */
  TIMEOUT,
  /** Allowed or denied, as whoever runs the limiter wants it: the request is too old to judge. */
  EXPIRED,
  /**
   * Allowed or denied, as the rules want it: the state of the limits could not be asked in time.
   */
  BACKEND_FAILED
}
