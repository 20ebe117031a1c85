package io.weir.streams.cli.compare;

import io.weir.streams.compare.Accuracy;
import io.weir.streams.compare.AccuracyStudy;

/**
 * What a study was asked, what it counted, and what that comes to. Immutable.
 *
 * @param limit requests of each source in a period
 * @param meanDifference that between the meter and the exact count, as a share of the latter
 */
record AccuracyReport(
    long limit,
    long periodMs,
    long sources,
    long total,
    long lengthMs,
    long phaseMs,
    double spread,
    long seed,
    Accuracy counted,
    Shares meter,
    Shares limiter,
    double meanDifference,
    double admittedAgainstLog) {

  /**
   * How one use of the counter agrees with exact counts.
   *
   * @param wronglyAllowed of all requests
   * @param wronglyDenied of all requests
   * @param meanOver of the limit, by which those wrongly allowed were over it
   * @param meanLeft of the limit, that was left to those wrongly denied
   * @param mostAllowed the most that a source had when it was allowed, of the limit
   */
  record Shares(
      double wronglyAllowed,
      double wronglyDenied,
      double meanOver,
      double meanLeft,
      double mostAllowed) {}

  static AccuracyReport of(AccuracyStudy study, Accuracy counted) {
    return new AccuracyReport(
        study.limit().requests(),
        study.limit().periodMillis(),
        study.traffic().sources(),
        study.traffic().requests(),
        study.traffic().length().toMillis(),
        study.traffic().phase().toMillis(),
        study.traffic().spread(),
        study.traffic().seed(),
        counted,
        shares(counted.meter(), study, counted),
        shares(counted.limiter(), study, counted),
        counted.meanDifference(),
        counted.admittedAgainstLog());
  }

  private static Shares shares(Accuracy.Agreement agreement, AccuracyStudy study, Accuracy of) {
    double requests = Math.max(1, of.requests());
    return new Shares(
        agreement.wronglyAllowed() / requests,
        agreement.wronglyDenied() / requests,
        agreement.meanOver(),
        agreement.meanLeft(),
        (double) agreement.most() / study.limit().requests());
  }
}
