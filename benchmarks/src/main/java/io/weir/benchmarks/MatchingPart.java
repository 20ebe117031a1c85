package io.weir.benchmarks;

import io.weir.limiter.Verdict;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The part of a check that finds the limits that apply and writes the keys of their state. */
public class MatchingPart extends AverageTime {
  /** The rules. */
  @Param public Rules rules;

  /** How many ask in turn. */
  @Param({"1", "100000"})
  public int identifiers;

  private RuleSet ruleSet;
  private List<Map<String, String>> requests;

  /** Prepares the attributes of each request. */
  @Setup
  public void start() {
    ruleSet = rules.load("token_bucket", Verdict.ALLOW);
    requests =
        Users.shuffled(identifiers).stream()
            .map(user -> Map.copyOf(rules.attributes(user)))
            .toList();
  }

  /** Matches one request. */
  @Benchmark
  public Match match(Turn turn) {
    return ruleSet.match(Rules.DOMAIN, requests.get(turn.next(requests.size())));
  }
}
