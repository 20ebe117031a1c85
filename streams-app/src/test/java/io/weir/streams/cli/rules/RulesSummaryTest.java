package io.weir.streams.cli.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.RulesReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RulesSummaryTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limits:
            - {name: fast, unit: second, requests_per_unit: 5}
            - {name: slow, unit: day, requests_per_unit: 100}
        - key: plan
          value: free*
          share_threshold: true
          rate_limit: {unit: hour, requests_per_unit: 9}
        - key: plan
          value: gold
          rate_limit: {unlimited: true}
      """;

  @Test
  void eachLimitHasALineWithItsPlaceInTheTree() {
    assertThat(summary(RULES))
        .containsExactly(
            Map.entry("user_id#fast", "5 per second, fixed_window"),
            Map.entry("user_id#slow", "100 per day, fixed_window"),
            Map.entry("plan=free*", "9 per hour, fixed_window, shared"),
            Map.entry("plan=gold", "unlimited"));
  }

  private static Map<String, String> summary(String yaml) {
    return RulesSummary.of(RulesReader.standard().read("f", yaml));
  }
}
