package io.weir.limiter.tck;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;

/** Rule sets from a few lines of YAML. */
final class Rules {
  private Rules() {}

  /** The rule set of one domain whose descriptors are given as a YAML list. */
  static RuleSet of(String domain, String descriptors) {
    String yaml = "domain: " + domain + "\ndescriptors:\n" + descriptors.indent(2);
    return RuleSet.empty().with(new RulesReader(Algorithms.standard()).read("tck.yaml", yaml));
  }
}
