package io.weir.limiter.rule;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.perDay;
import static io.weir.limiter.rule.RuleLimit.perHour;
import static io.weir.limiter.rule.RuleLimit.perMinute;
import static io.weir.limiter.rule.RuleLimit.perSecond;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.TokenBucket;
import org.junit.jupiter.api.Test;

/** What is written is what a person would write. */
class RulesWriterTest {
  private final RulesWriter writer = new RulesWriter();

  @Test
  void writesWhatIsNotDefaultAndQuotesWhatNeedsIt() {
    DomainRules rules =
        DomainRules.of(
            "shop",
            key("user", "42")
                .shadow()
                .limit(
                    perMinute(1000)
                        .algorithm(new TokenBucket())
                        .burst(50)
                        .onError(OnError.DENY)
                        .named("yes")
                        .replacing("old")
                        .replacing("older"))
                .with(key("path", "/files/*").shareThreshold().metadata("{\"a\":[1]}")),
            key("ip")
                .limits(perSecond(7).times(30).named("short"), perDay(9).named("long"))
                .quota(),
            key("two words", "a\nb").unlimited().detailedMetric().valueToMetric());
    assertThat(writer.write(rules))
        .isEqualTo(
            """
            domain: shop
            descriptors:
              - key: user
                value: "42"
                rate_limit:
                  name: "yes"
                  algorithm: token_bucket
                  unit: minute
                  requests_per_unit: 1000
                  burst: 50
                  on_error: deny
                  replaces:
                    - name: old
                    - name: older
                shadow_mode: true
                descriptors:
                  - key: path
                    value: "/files/*"
                    share_threshold: true
                    metadata: {"a":[1]}
              - key: ip
                rate_limits:
                  - name: short
                    unit: second
                    unit_multiplier: 30
                    requests_per_unit: 7
                  - name: long
                    unit: day
                    requests_per_unit: 9
                quota_mode: true
              - key: "two words"
                value: "a\\nb"
                rate_limit:
                  unlimited: true
                detailed_metric: true
                value_to_metric: true
            """);
    assertThat(RulesReader.standard().read("rules.yaml", writer.write(rules))).isEqualTo(rules);
  }

  @Test
  void writesADomainWithoutRules() {
    assertThat(writer.write(DomainRules.of("shop"))).isEqualTo("domain: shop\n");
  }

  @Test
  void writesTheLimitsOfAllLevels() {
    DomainRules rules =
        DomainRules.of(
            "shop", key("a").with(key("b").with(key("c").limit(perHour(1))).limit(perHour(2))));
    assertThat(RulesReader.standard().read("rules.yaml", writer.write(rules))).isEqualTo(rules);
  }
}
