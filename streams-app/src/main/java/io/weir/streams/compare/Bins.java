package io.weir.streams.compare;

/**
 * Equal parts of a stretch of time. Immutable.
 *
 * @param startMillis where the first begins, in milliseconds since the epoch
 * @param widthMillis how long each is
 * @param count how many there are
 */
public record Bins(long startMillis, long widthMillis, int count) {

  /**
   * So many bins at most from the first millisecond to the last.
   *
   * @param most how many, 1 or more
   */
  static Bins over(long firstMillis, long lastMillis, int most) {
    long length = lastMillis - firstMillis + 1;
    long width = parts(length, most);
    return new Bins(firstMillis, width, Math.toIntExact(parts(length, width)));
  }

  /** The bin of a time; below 0 or not below {@link #count} where it is outside. */
  long of(long timeMillis) {
    return Math.floorDiv(timeMillis - startMillis, widthMillis);
  }

  /** How often one goes into the other, rounded up. */
  private static long parts(long length, long each) {
    return (length + each - 1) / each;
  }
}
