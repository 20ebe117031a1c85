package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TopologyMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TopologyMetrics metrics = new TopologyMetrics(registry, 3);

  @Test
  void whatCanBeWrongWithARecordIsThereFromTheBeginning() {
    assertThat(registry.get("weir.dead.letters").counters())
        .hasSize(Problem.values().length)
        .allMatch(counter -> counter.count() == 0);
  }

  @Test
  void countsDecisionsByTheirBindingRule() {
    metrics.decided("api", true, decision("per_user", LimitMode.ENFORCED, Verdict.ALLOW));
    metrics.decided("api", true, decision("per_user", LimitMode.ENFORCED, Verdict.ALLOW));
    assertThat(
            registry
                .get("weir.decisions")
                .tags("domain", "api", "rule", "per_user")
                .tags("verdict", "ALLOW", "reason", "WITHIN_LIMIT")
                .counter()
                .count())
        .isEqualTo(2);
  }

  @Test
  void domainOfARequestIsNoLabelWhereItHasNoRules() {
    Decision noRule = Decision.withoutLimits(new Match(List.of(), false, 0), 0);
    metrics.decided("made-up", false, noRule);
    metrics.decided("api", true, noRule);
    assertThat(registry.find("weir.decisions").tag("domain", "made-up").counter()).isNull();
    assertThat(count("none", "none")).isEqualTo(1);
    assertThat(count("api", "none")).isEqualTo(1);
  }

  @Test
  void rulesBeyondTheCapAreCountedTogether() {
    for (int i = 0; i < 10; i++) {
      metrics.decided("api", true, decision("rule" + i, LimitMode.ENFORCED, Verdict.ALLOW));
    }
    assertThat(registry.find("weir.decisions").counters()).hasSize(4);
    assertThat(count("other", "other")).isEqualTo(7);
  }

  @Test
  void countsWhatShadowRulesWouldHaveDenied() {
    metrics.decided("api", true, decision("trial", LimitMode.SHADOW, Verdict.DENY));
    metrics.decided("api", true, decision("trial", LimitMode.SHADOW, Verdict.ALLOW));
    metrics.decided("api", true, decision("real", LimitMode.ENFORCED, Verdict.DENY));
    assertThat(
            registry
                .get("weir.shadow.denials")
                .tags("domain", "api", "rule", "trial")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(registry.find("weir.shadow.denials").counters()).hasSize(1);
  }

  @Test
  void countsDeadLettersByProblem() {
    metrics.deadLettered(Problem.COST);
    assertThat(registry.get("weir.dead.letters").tag("problem", "cost").counter().count())
        .isEqualTo(1);
  }

  private double count(String domain, String rule) {
    return registry.get("weir.decisions").tags("domain", domain, "rule", rule).counter().count();
  }

  private static Decision decision(String rule, LimitMode mode, Verdict limitVerdict) {
    LimitStatus status =
        new LimitStatus(
            KeyText.of("api/user_id=42|user_id#" + rule),
            rule,
            Limit.of(new FixedWindow(), 5, Duration.ofSeconds(1)),
            mode,
            limitVerdict,
            0,
            0,
            OptionalLong.empty(),
            0);
    return new Decision(
        Verdict.ALLOW,
        Reason.WITHIN_LIMIT,
        Optional.empty(),
        Optional.of(KeyText.of("api/user_id=42")),
        List.of(status),
        OptionalLong.empty(),
        0,
        7,
        0,
        0);
  }
}
