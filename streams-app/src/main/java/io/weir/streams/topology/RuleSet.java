package io.weir.streams.topology;

import io.weir.limiter.rule.Match;
import java.util.Map;

interface RuleSet {
  Match match(String domain, Map<String, String> attributes);
}
