package io.weir.benchmarks;

import io.weir.limiter.Decision;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.Verdict;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * {@link RateLimiter#check} in memory, whole: the rules are matched against the request's
 * attributes, the identifier and the keys of state are written, the rows are looked up, judged and
 * stored, and the decision tells the standing of each limit and when it is full again.
 *
 * <p>{@link Bucket4jCheck} and {@link Resilience4jCheck} are what to compare it with; they say what
 * they leave out.
 */
public class WeirCheck extends AverageTime {
  /** The algorithm of all limits that apply. */
  @Param({
    "fixed_window",
    "token_bucket",
    "leaky_bucket",
    "sliding_window_log",
    "sliding_window_counter"
  })
  public String algorithm;

  /** The rules. */
  @Param public Rules rules;

  /** How many ask in turn: 1 is the hot identifier. */
  @Param({"1", "100000"})
  public int identifiers;

  /** Whether the limits admit everything, or nothing any more. */
  @Param("ALLOW")
  public Verdict verdict;

  private RateLimiter limiter;
  private Request[] requests;

  /** Lets each identifier ask once, so that its rows exist. */
  @Setup
  public void start() {
    limiter = RateLimiter.inMemory(rules.load(algorithm, verdict));
    requests =
        Users.shuffled(identifiers).stream()
            .map(user -> Request.of(Rules.DOMAIN, rules.attributes(user)))
            .toArray(Request[]::new);
    for (Request request : requests) {
      limiter.check(request);
    }
  }

  /** Closes the limiter. */
  @TearDown
  public void stop() {
    limiter.close();
  }

  /** One check. */
  @Benchmark
  public Decision check(Turn turn) {
    return limiter.check(requests[turn.next(requests.length)]);
  }
}
