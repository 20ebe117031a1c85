package io.weir.streams.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.RuleDescriptor;
import io.weir.schemas.RuleLimit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Records that make sense become rules; others are refused, with the place in the tree. */
class RulesConverterTest {
  private final RulesConverter converter = new RulesConverter(Algorithms.standard());

  @Test
  void carriesEverythingThatAFileCanSay() {
    DomainRules rules =
        RulesReader.standard()
            .read(
                "rules.yaml",
                """
                domain: api
                descriptors:
                  - key: user_id
                    rate_limit: {name: first, unit: week, requests_per_unit: 9000}
                    rate_limits:
                      - {name: short, unit: second, unit_multiplier: 30, requests_per_unit: 7}
                      - {name: long, algorithm: token_bucket, unit: day, requests_per_unit: 500,
                         burst: 20, on_error: deny, replaces: [{name: other}]}
                    descriptors:
                      - key: endpoint
                        value: /files/*
                        share_threshold: true
                        detailed_metric: true
                        value_to_metric: true
                        rate_limit: {name: other, unit: hour, requests_per_unit: 0}
                        metadata: {tier: gold, weights: [1, 2.5]}
                  - key: ip
                    value: 10.0.0.1
                    shadow_mode: true
                    rate_limit: {unlimited: true}
                  - key: ip
                    quota_mode: true
                """);
    io.weir.schemas.DomainRules record = converter.toRecord(rules, Optional.of("rules.yaml"));
    assertThat(record.getSource()).isEqualTo("rules.yaml");
    assertThat(converter.toRules(record, 17)).isEqualTo(rules.withRevision(17));
  }

  @Test
  void refusesALimitWithoutUnit() {
    assertRefused(
        descriptor().setLimits(List.of(RuleLimit.newBuilder().setRequestsPerUnit(5L).build())),
        "api.user_id_42: invalid rate limit unit ''; it must be second, minute, hour, day, week,"
            + " month or year");
  }

  @Test
  void refusesNegativeRequests() {
    assertRefused(
        descriptor().setLimits(List.of(limit().setRequestsPerUnit(-3L).build())),
        "api.user_id_42: requests_per_unit is -3; it must be 0 or more");
  }

  @Test
  void refusesNumbersOnAnUnlimitedLimit() {
    assertRefused(
        descriptor().setLimits(List.of(limit().setUnlimited(true).build())),
        "api.user_id_42: should not specify rate limit unit when unlimited");
  }

  @Test
  void refusesAnUnknownAlgorithm() {
    assertRefused(
        descriptor().setLimits(List.of(limit().setAlgorithm("tokens").build())),
        "api.user_id_42: unknown algorithm 'tokens'; known are fixed_window, token_bucket,"
            + " leaky_bucket, sliding_window_log, sliding_window_counter");
  }

  @Test
  void refusesSeveralLimitsThatClaimToBeOne() {
    assertRefused(
        descriptor().setLimits(List.of(limit().build(), limit().build())),
        "api.user_id_42: rate_limit is given 2 times; keep one of them, and put the others into"
            + " rate_limits, each with a name");
  }

  @Test
  void refusesMetadataThatIsNoObject() {
    assertRefused(
        descriptor().setMetadata("[1]"),
        "api.user_id_42: error parsing metadata: metadata:1: the text must be a JSON object, such"
            + " as {\"tier\":\"gold\"}");
  }

  @Test
  void refusesADescriptorWithoutKey() {
    assertRefused(descriptor().setKey(""), "api.descriptors[0]: descriptor has empty key");
  }

  @Test
  void refusesATreeThatIsTooDeepHoweverDeepItIs() {
    RuleDescriptor deep = descriptor().build();
    for (int i = 0; i < 20_000; i++) {
      deep = descriptor().setDescriptors(List.of(deep)).build();
    }
    io.weir.schemas.DomainRules record =
        new io.weir.schemas.DomainRules("api", null, List.of(deep));
    assertThatThrownBy(() -> converter.toRules(record, 1))
        .isInstanceOf(RulesException.class)
        .hasMessageEndingWith(": descriptors are nested deeper than 64 levels");
  }

  private static RuleDescriptor.Builder descriptor() {
    return RuleDescriptor.newBuilder().setKey("user_id").setValue("42");
  }

  private static RuleLimit.Builder limit() {
    return RuleLimit.newBuilder().setUnit("minute").setRequestsPerUnit(5L);
  }

  private void assertRefused(RuleDescriptor.Builder descriptor, String message) {
    io.weir.schemas.DomainRules record =
        new io.weir.schemas.DomainRules("api", null, List.of(descriptor.build()));
    assertThatThrownBy(() -> converter.toRules(record, 1))
        .isInstanceOf(RulesException.class)
        .hasMessage(message);
  }
}
