package io.weir.streams.topology;

import io.weir.limiter.rule.Match;
import java.util.List;
import java.util.Map;

public final class RulesView {
  private volatile RuleSet rules = (domain, attributes) -> new Match(List.of(), false, 0);

  Match match(String domain, Map<String, String> attributes) {
    return rules.match(domain, attributes);
  }

  boolean hasRules(String domain) {
    return false;
  }
}
