package io.weir.limiter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static LimitStatus status(String rule, LimitMode mode, Verdict verdict) {
    return new LimitStatus(
        KeyText.of("api/user=secret|#"),
        rule,
        Limit.fixedWindow(1, Duration.ofMinutes(1)),
        mode,
        verdict,
        0,
        1,
        OptionalLong.empty(),
        0);
  }

  private static Problem of(OptionalLong retryAfterMillis, LimitStatus... statuses) {
    return Problem.of(
        new Decision(
            Verdict.DENY,
            Reason.OVER_LIMIT,
            Optional.of("secret"),
            Optional.of(KeyText.of("api/user=secret")),
            List.of(statuses),
            retryAfterMillis,
            0,
            1,
            1,
            1));
  }

  @Test
  void theRulesThatDeniedAreNamedAndNoOthers() {
    Problem problem =
        of(
            OptionalLong.of(7),
            status("a", LimitMode.ENFORCED, Verdict.DENY),
            status("shadow", LimitMode.SHADOW, Verdict.DENY),
            status("b", LimitMode.ENFORCED, Verdict.ALLOW),
            status("c", LimitMode.ENFORCED, Verdict.DENY));

    assertThat(problem.violatedPolicies()).containsExactly("a", "c");
    assertThat(problem.status()).isEqualTo(429);
    assertThat(problem.json())
        .contains("\"detail\":\"The limit a is exceeded; try again in 7 ms.\"")
        .endsWith("\"violated-policies\":[\"a\",\"c\"],\"retry_after_ms\":7}")
        .doesNotContain("secret");
  }

  @Test
  void whereNoneDeniedTheBindingOneIsNamed() {
    assertThat(
            of(
                    OptionalLong.of(7),
                    status("a", LimitMode.ENFORCED, Verdict.ALLOW),
                    status("b", LimitMode.ENFORCED, Verdict.ALLOW))
                .violatedPolicies())
        .containsExactly("a");
  }

  @Test
  void whereNothingIsKnownNothingIsSaid() {
    assertThat(of(OptionalLong.empty()).json())
        .endsWith("\"detail\":\"A limit is exceeded; trying again does not help.\"}");
  }

  @Test
  void whatIsSpecialInJsonIsEscaped() {
    assertThat(
            of(OptionalLong.empty(), status("a\"\\\n\u0001é", LimitMode.ENFORCED, Verdict.DENY))
                .json())
        .contains("\"violated-policies\":[\"a\\\"\\\\\\u000a\\u0001é\"]");
  }
}
