package io.weir.streams.topology;

/** What a check asks of the limits of its identifier. */
sealed interface CheckTask {

  /**
   * To judge, and to charge where all admit.
   *
   * @param cost tokens that are taken; 0 peeks
   */
  record Charge(long cost) implements CheckTask {}

  /**
   * To take tokens back that an earlier request took.
   *
   * @param cost tokens that come back, above 0
   * @param chargedAtMillis the time that they were taken at, in milliseconds since the epoch
   */
  record Refund(long cost, long chargedAtMillis) implements CheckTask {}

  /** To forget everything of the identifier. */
  record Reset() implements CheckTask {}
}
