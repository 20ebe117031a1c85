package io.weir.benchmarks;

import io.weir.limiter.Verdict;
import java.time.Duration;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/**
 * One limit, one token, yes or no: what every library answers, so that they can be compared. The
 * limit is the caller's already ({@code held}), or found by a key that is ready made ({@code
 * keyed}).
 */
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public abstract class PlainQuestion extends AverageTime {
  /** How many keys are asked for in turn: 1 is the hot one. */
  @Param({"1", "1000000"})
  public int keys;

  /** Whether the limit admits everything, or nothing any more. */
  @Param({"ALLOW", "DENY"})
  public Verdict verdict;

  /** The keys, in the order of asking. */
  final String[] inOrder() {
    return Users.shuffled(keys).toArray(String[]::new);
  }

  /** So many a {@link #period}. */
  final int requests() {
    return verdict == Verdict.ALLOW ? Rules.ENOUGH_PER_SECOND : 1;
  }

  final Duration period() {
    return verdict == Verdict.ALLOW ? Duration.ofSeconds(1) : Duration.ofDays(365);
  }
}
