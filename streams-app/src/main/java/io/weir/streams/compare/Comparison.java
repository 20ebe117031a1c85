package io.weir.streams.compare;

import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * All contenders under the same traffic.
 *
 * @param traffic its name
 * @param description what it shows
 * @param bins the parts of time that are counted by
 * @param offeredByBin tokens that were asked for
 * @param results what came out, in the order of the contenders
 * @param leftOut those that could not judge
 */
public record Comparison(
    String traffic,
    String description,
    Bins bins,
    List<Long> offeredByBin,
    List<Result> results,
    List<LeftOut> leftOut) {
  private static final int MOST_BINS = 120;

  /**
   * The time that is looked at after the last request is so many times shorter than the traffic.
   */
  private static final int TAIL_PART = 5;

  /**
   * A contender whose algorithm cannot be exact for a limit that it met.
   *
   * @param contender its name
   * @param reason which number is wrong
   */
  public record LeftOut(String contender, String reason) {

    /** It in a sentence, without a full stop. */
    public String sentence() {
      return contender + " is left out: " + reason;
    }
  }

  /** Hears how far a comparison is. */
  @FunctionalInterface
  public interface Step {
    /**
     * Some bins are over; at last all until the traffic ends.
     *
     * @param sofar what came out so far, counted up when it is asked for, which must be at once
     * @param bins how many are over
     * @param all how many there are until the traffic ends
     */
    void over(Supplier<Comparison> sofar, int bins, int all);
  }

  /** Copies the lists. */
  public Comparison {
    offeredByBin = List.copyOf(offeredByBin);
    results = List.copyOf(results);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Lets them judge the traffic side by side, in the order of its time. A bit of the time after the
   * last request is looked at too, for those who have their turn then; what goes on still later is
   * in the sums alone.
   *
   * @param nanoTime the clock that tells what checks cost
   * @param step told what came out so far, after each bin
   */
  public static Comparison of(
      Traffic traffic,
      RuleSet rules,
      List<Contender> contenders,
      LongSupplier nanoTime,
      Step step) {
    long start = traffic.startMillis();
    long end = traffic.endMillis();
    Bins bins = Bins.over(start, end + (end - start) / TAIL_PART, MOST_BINS);
    List<Run> runs = contenders.stream().map(contender -> new Run(contender, bins)).toList();
    long[] offered = new long[bins.count()];
    int all = (int) bins.of(end) + 1;
    int bin = 0;
    for (Arrival arrival : traffic.arrivals()) {
      int next = (int) bins.of(arrival.timeMillis()); // It is within them.
      if (next > bin) {
        bin = next;
        step.over(() -> of(traffic, bins, offered, runs), bin, all);
      }
      offered[next] += arrival.cost();
      Match match = rules.match(arrival.domain(), arrival.attributes());
      runs.forEach(run -> run.take(arrival, match));
    }
    step.over(() -> of(traffic, bins, offered, runs), all, all);
    return of(traffic, bins, offered, runs).withCost(runs, new CheckCost(nanoTime));
  }

  private Comparison withCost(List<Run> runs, CheckCost cost) {
    List<Double> nanos = cost.nanos(judging(runs).map(Run::timed).toList());
    List<Result> measured = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      measured.add(results.get(i).withNanosPerCheck(nanos.get(i)));
    }
    return new Comparison(traffic, description, bins, offeredByBin, measured, leftOut);
  }

  private static Comparison of(Traffic traffic, Bins bins, long[] offered, List<Run> runs) {
    return new Comparison(
        traffic.name(),
        traffic.description(),
        bins,
        LongStream.of(offered).boxed().toList(),
        judging(runs).map(Run::result).toList(),
        runs.stream()
            .flatMap(run -> run.leftOut().stream().map(why -> new LeftOut(run.name(), why)))
            .toList());
  }

  private static Stream<Run> judging(List<Run> runs) {
    return runs.stream().filter(run -> run.leftOut().isEmpty());
  }
}
