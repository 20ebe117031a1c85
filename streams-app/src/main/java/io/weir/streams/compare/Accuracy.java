package io.weir.streams.compare;

/**
 * How the sliding window counter did against exact counts. Sums can be added up. Immutable.
 *
 * @param requests requests that were judged
 * @param sources who made them
 * @param over requests whose source had more than the limit within the period by then, however it
 *     was answered
 * @param meter the counter as a meter of all requests
 * @param limiter the counter as a limiter, which counts what it admits
 * @param differenceSum the sum over all requests of {@code |estimate - exact| / exact} of the meter
 *     before each, at most 1 each
 * @param compared requests in that sum: those with something to count
 * @param admitted requests that it admitted as a limiter
 * @param admittedByLog requests that a sliding window log admitted of the same
 */
public record Accuracy(
    long requests,
    long sources,
    long over,
    Agreement meter,
    Agreement limiter,
    double differenceSum,
    long compared,
    long admitted,
    long admittedByLog) {
  static final Accuracy NONE = new Accuracy(0, 0, 0, Agreement.NONE, Agreement.NONE, 0, 0, 0, 0);

  /**
   * How decisions agree with the exact ones.
   *
   * @param wronglyAllowed requests that it let through and the exact count would not have
   * @param wronglyDenied the other way round
   * @param overSum the sum over those wrongly allowed of how far the source was over the limit
   *     then, as a share of it
   * @param leftSum the sum over those wrongly denied of what was left of the limit, as a share of
   *     it
   * @param most the most that a source had within a period, exactly and with the request itself,
   *     when a request of it was let through
   */
  public record Agreement(
      long wronglyAllowed, long wronglyDenied, double overSum, double leftSum, long most) {
    static final Agreement NONE = new Agreement(0, 0, 0, 0, 0);

    /** How far over the limit a source was when it was wrongly allowed, in the mean. */
    public double meanOver() {
      return overSum / Math.max(1, wronglyAllowed);
    }

    /** What was left of the limit when a source was wrongly denied, in the mean. */
    public double meanLeft() {
      return leftSum / Math.max(1, wronglyDenied);
    }

    Agreement plus(Agreement other) {
      return new Agreement(
          wronglyAllowed + other.wronglyAllowed,
          wronglyDenied + other.wronglyDenied,
          overSum + other.overSum,
          leftSum + other.leftSum,
          Math.max(most, other.most));
    }
  }

  /** The mean difference between the estimate and the exact count, as a share of the latter. */
  public double meanDifference() {
    return differenceSum / Math.max(1, compared);
  }

  /** How much the limiter admitted for each that a sliding window log did. */
  public double admittedAgainstLog() {
    return (double) admitted / Math.max(1, admittedByLog);
  }

  Accuracy plus(Accuracy other) {
    return new Accuracy(
        requests + other.requests,
        sources + other.sources,
        over + other.over,
        meter.plus(other.meter),
        limiter.plus(other.limiter),
        differenceSum + other.differenceSum,
        compared + other.compared,
        admitted + other.admitted,
        admittedByLog + other.admittedByLog);
  }
}
