package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The benchmarks measure what they say. */
class RulesTest {
  @ParameterizedTest
  @CsvSource({"ONE_RULE, 1", "TREE, 2"})
  void asManyLimitsApplyAsTheRulesSay(Rules rules, int limits) {
    for (Verdict verdict : Verdict.values()) {
      try (RateLimiter limiter = RateLimiter.inMemory(rules.load("token_bucket", verdict))) {
        Request request = Request.of(Rules.DOMAIN, rules.attributes("42"));
        limiter.check(request);

        var second = limiter.check(request);

        assertThat(second.verdict()).isEqualTo(verdict);
        assertThat(second.statuses()).hasSize(limits);
      }
    }
  }
}
