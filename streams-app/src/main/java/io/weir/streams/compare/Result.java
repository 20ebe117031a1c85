package io.weir.streams.compare;

import java.util.List;

/**
 * What one contender made of some traffic. Immutable.
 *
 * @param contender its name
 * @param offered tokens that were asked for
 * @param admitted tokens that were admitted
 * @param requests requests that were judged
 * @param denied requests that were denied
 * @param overlooked requests that were admitted although a limit refused: one in shadow mode, or
 *     one of several quotas
 * @param delays how long admitted requests waited for their turn, of those that had to
 * @param retries after how long denied requests could have come again
 * @param worst the window in which a limit let most through, by its own measure
 * @param memory what is kept
 * @param nanosPerCheck what a check cost, in nanoseconds; 0 until it was measured
 * @param admittedByBin tokens whose requests went on, by the bins of the comparison: a request that
 *     waits for its turn is in that of its turn
 */
public record Result(
    String contender,
    long offered,
    long admitted,
    long requests,
    long denied,
    long overlooked,
    WaitSummary delays,
    WaitSummary retries,
    Worst worst,
    Memory memory,
    double nanosPerCheck,
    List<Long> admittedByBin) {

  /** Copies the list. */
  public Result {
    admittedByBin = List.copyOf(admittedByBin);
  }

  /** The same with what a check cost, in nanoseconds. */
  Result withNanosPerCheck(double nanos) {
    return new Result(
        contender,
        offered,
        admitted,
        requests,
        denied,
        overlooked,
        delays,
        retries,
        worst,
        memory,
        nanos,
        admittedByBin);
  }

  /**
   * The most that one identifier had within one period of one limit, by when requests went on.
   *
   * @param tokens how much
   * @param limit what the limit grants each period; 0 where nothing was admitted
   */
  public record Worst(long tokens, long limit) {
    static final Worst NONE = new Worst(0, 0);

    /** How often the limit went through; 1 is what it says. */
    public double ratio() {
      return limit == 0 ? 0 : (double) tokens / limit;
    }
  }

  /**
   * What is kept of identifiers, as it is stored: keys are not in it.
   *
   * @param rows how many rows there are at the end
   * @param meanBytes the mean of the sizes that each row had last
   * @param largestBytes the largest that a row has been
   */
  public record Memory(long rows, double meanBytes, long largestBytes) {}
}
