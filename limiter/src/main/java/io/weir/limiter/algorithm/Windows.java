package io.weir.limiter.algorithm;

/** Arithmetic of windows that are aligned to the epoch. */
final class Windows {
  private Windows() {}

  /** Start of the window that holds a time, both in milliseconds since the epoch. */
  static long startMillis(long timeMillis, long periodMillis) {
    return timeMillis - timeMillis % periodMillis;
  }

  /** Start of the window after the one that holds a time, in milliseconds since the epoch. */
  static long endMillis(long timeMillis, long periodMillis) {
    return startMillis(timeMillis, periodMillis) + periodMillis;
  }
}
