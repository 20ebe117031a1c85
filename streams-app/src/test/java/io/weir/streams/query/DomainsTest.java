package io.weir.streams.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DomainsTest {
  @Test
  void whereNoDomainHasRulesItSaysHowToGetSome() {
    assertThat(Domains.none(RuleSet.empty(), "api"))
        .isEqualTo(
            "there are no rules of the domain api, nor of any other; ./weir rules apply puts some in"
                + " force");
  }

  @Test
  void tenOthersAreNamed() {
    assertThat(Domains.none(rules(2), "api"))
        .isEqualTo("there are no rules of the domain api; there are those of d10, d11");
    assertThat(Domains.none(rules(12), "api")).endsWith("d18, d19 and 2 others");
  }

  private static RuleSet rules(int domains) {
    return RuleSet.of(
        IntStream.range(10, 10 + domains).mapToObj(i -> DomainRules.of("d" + i)).toList());
  }
}
