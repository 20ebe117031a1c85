package io.weir.benchmarks.redis;

import io.weir.streams.cli.CommandFailure;

/**
 * A closed loop's run.
 *
 * @param answered checks that were answered by Redis; the others count nowhere
 * @param denied how many of these were denied
 * @param unanswered checks that were decided without Redis
 * @param nanos from the start to the end of the last check
 */
record LoopResult(
    long answered, long denied, long unanswered, long nanos, double p50Micros, double p99Micros) {

  /** Checks a second. */
  double perSecond() {
    return answered * 1e9 / nanos;
  }

  /**
   * This, if it says anything.
   *
   * @throws CommandFailure if no check was answered
   */
  LoopResult requireAnswers() {
    if (answered == 0) {
      throw new CommandFailure(
          "Redis answered no check of a run",
          "give it more time with --seconds, or fewer --callers; is Redis well?");
    }
    return this;
  }
}
