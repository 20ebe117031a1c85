package io.weir.streams.compare;

import io.weir.limiter.Check;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.KeyText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What a check costs: the judge's time for each of some checks, without matching rules, with rows
 * on the heap. The contenders take turns, again and again, each time from empty rows; the first
 * turns are for the compiler, and of the others the median counts. What the garbage collector does
 * besides is not in it. A figure of this machine and this moment, for comparison side by side
 * alone.
 */
final class CheckCost {
  private static final Judge JUDGE = new Judge();
  private static final long WARM_UP_NANOS = Duration.ofMillis(400).toNanos();
  private static final long MEASURED_NANOS = Duration.ofMillis(400).toNanos();
  private static final int LEAST_TURNS = 3;

  /** So many in a turn that looking at the clock costs nothing against them. */
  private static final int LEAST_CHECKS = 1_000;

  private final LongSupplier nanoTime;

  CheckCost(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Nanoseconds for each check; 0 where there is none.
   *
   * @param contenders the checks of each
   */
  List<Double> nanos(List<List<Check>> contenders) {
    turns(contenders, WARM_UP_NANOS);
    List<List<Long>> measured = turns(contenders, MEASURED_NANOS);
    List<Double> nanos = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      List<Long> ofOne = measured.get(i).stream().sorted().toList();
      long checks = (long) contenders.get(i).size() * times(contenders.get(i));
      nanos.add(checks == 0 ? 0 : (double) ofOne.get(ofOne.size() / 2) / checks);
    }
    return nanos;
  }

  /** How long the turns of each took, until all took so long together. */
  private List<List<Long>> turns(List<List<Check>> contenders, long untilNanos) {
    List<List<Long>> turns = new ArrayList<>();
    contenders.forEach(each -> turns.add(new ArrayList<>()));
    long sumNanos = 0;
    for (int turn = 0; sumNanos < untilNanos || turn < LEAST_TURNS; turn++) {
      for (int i = 0; i < contenders.size(); i++) {
        long nanos = turn(contenders.get(i));
        turns.get(i).add(nanos);
        sumNanos += Math.max(1, nanos);
      }
    }
    return turns;
  }

  /** How often a turn repeats the checks. */
  private static int times(List<Check> checks) {
    return checks.isEmpty() ? 0 : (LEAST_CHECKS + checks.size() - 1) / checks.size();
  }

  private long turn(List<Check> checks) {
    long startNanos = nanoTime.getAsLong();
    for (int i = 0; i < times(checks); i++) {
      judge(checks);
    }
    return nanoTime.getAsLong() - startNanos;
  }

  private static void judge(List<Check> checks) {
    Map<KeyText, StoredLimit> rows = new HashMap<>();
    for (Check check : checks) {
      Judgement judgement = JUDGE.judge(check, key -> Optional.ofNullable(rows.get(key)));
      judgement.writes().forEach(write -> rows.put(write.key(), write.row()));
    }
  }
}
