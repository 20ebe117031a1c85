package io.weir.benchmarks;

import io.weir.limiter.Check;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.Outcome;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The parts of a check that come after matching, for one limit whose row was written by {@link
 * #ADMISSIONS} admissions one millisecond apart: the algorithm's step alone, the judge around it,
 * and, where state is kept as bytes, the codec.
 */
public class JudgingPart extends AverageTime {
  /** Admissions before: the entries of a log. */
  static final int ADMISSIONS = 100;

  private static final long START_MILLIS = 1_800_000_000_000L;

  /** The algorithm. */
  @Param({
    "fixed_window",
    "token_bucket",
    "leaky_bucket",
    "sliding_window_log",
    "sliding_window_counter"
  })
  public String algorithm;

  private final Judge judge = new Judge();
  private final StoredLimitCodec codec = new StoredLimitCodec(Algorithms.standard());
  private Step<?> step;
  private Check check;
  private Optional<StoredLimit> row;
  private byte[] bytes;

  /** Writes the row. */
  @Setup
  public void start() {
    IdentifierLimits match =
        Rules.ONE_RULE
            .load(algorithm, Verdict.ALLOW)
            .match(Rules.DOMAIN, Rules.ONE_RULE.attributes("42"))
            .identifiers()
            .get(0);
    row = Optional.empty();
    check = check(match, 0);
    for (int i = 1; i <= ADMISSIONS; i++) {
      row = Optional.of(judge.judge(check, key -> row).writes().get(0).row());
      check = check(match, i);
    }
    step = Step.of(row.orElseThrow());
    bytes = codec.encode(row.orElseThrow());
  }

  private static Check check(IdentifierLimits match, long millisSinceStart) {
    long nowMillis = START_MILLIS + millisSinceStart;
    return new Check(match.identifierText(), match.limits(), 1, nowMillis, 0, 0);
  }

  /** The algorithm alone. */
  @Benchmark
  public Outcome<?> step() {
    return step.take(check.timestampMillis());
  }

  /** The algorithm, and a decision made of what it says. */
  @Benchmark
  public Judgement judge() {
    return judge.judge(check, key -> row);
  }

  /** The row to bytes. */
  @Benchmark
  public byte[] encode() {
    return codec.encode(row.orElseThrow());
  }

  /** The row from bytes. */
  @Benchmark
  public StoredLimit decode() {
    return codec.decode(bytes);
  }

  /** An algorithm with a state of its own. */
  private record Step<S extends LimitState>(Algorithm<S> algorithm, Limit limit, S state) {
    static Step<?> of(StoredLimit row) {
      return of(row.limit().algorithm(), row);
    }

    private static <S extends LimitState> Step<S> of(Algorithm<S> algorithm, StoredLimit row) {
      return new Step<>(algorithm, row.limit(), algorithm.stateType().cast(row.state()));
    }

    Outcome<S> take(long nowMillis) {
      return algorithm.check(limit, state, nowMillis, 1);
    }
  }
}
