package io.weir.benchmarks.redis;

import io.weir.benchmarks.redis.Checks.Answer;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What one calling thread has seen. Not thread-safe: read once the thread has ended. */
final class CallerRun {
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Histogram latencies = histogram();
  private final Histogram startLags = histogram();
  private long answered;
  private long denied;
  private long unanswered;
  private long endNanos;

  private static Histogram histogram() {
    return new Histogram(LONGEST_NANOS, 3);
  }

  void add(Answer answer, long latencyNanos, long nowNanos) {
    if (answer == Answer.UNANSWERED) {
      unanswered++;
    } else {
      answered++;
      if (answer == Answer.DENIED) {
        denied++;
      }
    }
    latencies.recordValue(Math.min(latencyNanos, LONGEST_NANOS));
    endNanos = nowNanos;
  }

  void addStartLag(long nanos) {
    startLags.recordValue(Math.min(nanos, LONGEST_NANOS));
  }

  /** What several threads have seen, each of them at least one answer. */
  static CallerRun all(Iterable<CallerRun> runs) {
    CallerRun all = new CallerRun();
    boolean first = true;
    for (CallerRun run : runs) {
      all.latencies.add(run.latencies);
      all.startLags.add(run.startLags);
      all.answered += run.answered;
      all.denied += run.denied;
      all.unanswered += run.unanswered;
      all.endNanos = first || run.endNanos - all.endNanos > 0 ? run.endNanos : all.endNanos;
      first = false;
    }
    return all;
  }

  LoopResult loopResult(long startNanos) {
    return new LoopResult(
        answered, denied, unanswered, endNanos - startNanos, micros(50), micros(99));
  }

  PaceResult paceResult() {
    return new PaceResult(
        answered,
        unanswered,
        micros(50),
        micros(99),
        latencies.getMaxValue() / 1e3,
        startLags.getValueAtPercentile(99) / 1e3);
  }

  private double micros(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e3;
  }
}
