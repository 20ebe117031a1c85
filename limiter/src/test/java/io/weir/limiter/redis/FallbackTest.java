package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.Reason;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.tck.FakeClock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FallbackTest {
  private static final String WHY = "Redis is away";

  private final FakeClock clock = new FakeClock(1_800_000_000_000L);

  private Fallback fallback(OnError onError, double share) {
    return new Fallback(onError, share, InMemoryBackend.builder().clock(clock).build(), clock);
  }

  private static Decision decide(Fallback fallback, String descriptors, long cost) {
    RuleSet rules =
        RuleSet.of(
            RulesReader.standard()
                .read("test", "domain: api\ndescriptors:\n" + descriptors.indent(2)));
    return fallback.decide(
        rules.match("api", Map.of("user_id", "42", "ip", "::1", "plan", "a")), cost, WHY);
  }

  private static String limit(String key, String more) {
    return "- {key: " + key + ", rate_limit: {unit: hour, requests_per_unit: 10" + more + "}}\n";
  }

  @Test
  void theRuleSaysAndElseTheSetting() {
    Fallback allows = fallback(OnError.ALLOW, 1);
    Decision byDefault = decide(allows, limit("user_id", ""), 1);
    assertThat(byDefault.isAllowed()).isTrue();
    assertThat(byDefault.reason()).isEqualTo(Reason.BACKEND_FAILED);
    assertThat(byDefault.degraded()).isTrue();
    assertThat(byDefault.message()).contains(WHY);
    assertThat(byDefault.identifier()).contains("api/user_id=42");
    assertThat(decide(allows, limit("user_id", ", on_error: deny"), 1).isAllowed()).isFalse();
    Fallback denies = fallback(OnError.DENY, 1);
    assertThat(decide(denies, limit("user_id", ""), 1).isAllowed()).isFalse();
    assertThat(decide(denies, limit("user_id", ", on_error: allow"), 1).isAllowed()).isTrue();
  }

  @Test
  void judgesByItsOwnStateWhereTheRuleWantsThat() {
    Fallback fallback = fallback(OnError.ALLOW, 0.35);
    String rule = limit("user_id", ", on_error: local");
    // A share of 10, rounded down.
    for (int i = 0; i < 3; i++) {
      Decision decision = decide(fallback, rule, 1);
      assertThat(decision.isAllowed()).isTrue();
      assertThat(decision.reason()).isEqualTo(Reason.WITHIN_LIMIT);
      assertThat(decision.degraded()).isTrue();
      assertThat(decision.message()).contains(WHY);
    }
    assertThat(decide(fallback, rule, 1).reason()).isEqualTo(Reason.OVER_LIMIT);
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "0.5, 5", "0.01, 1"})
  void aShareIsAtLeastOne(double share, int admitted) {
    Fallback fallback = fallback(OnError.LOCAL, share);
    String bucket = limit("user_id", ", algorithm: token_bucket, burst: 10");
    assertThat(decide(fallback, bucket, admitted).isAllowed()).isTrue();
    assertThat(decide(fallback, bucket, 1).isAllowed()).isFalse();
  }

  @Test
  void aLimitOfNothingStaysOne() {
    Decision decision =
        decide(
            fallback(OnError.LOCAL, 0.5),
            "- {key: user_id, rate_limit: {unit: hour, requests_per_unit: 0}}\n",
            1);
    assertThat(decision.isAllowed()).isFalse();
  }

  @Test
  void ofSeveralLimitsOneThatDeniesIsEnough() {
    Fallback fallback = fallback(OnError.ALLOW, 1);
    assertThat(decide(fallback, limit("user_id", "") + limit("ip", ", on_error: deny"), 1))
        .returns(false, Decision::isAllowed)
        .returns(Reason.BACKEND_FAILED, Decision::reason);
    // Here only what the local limit says matters.
    String local = limit("user_id", "") + limit("ip", ", on_error: local");
    assertThat(decide(fallback, local, 10).statuses()).hasSize(1);
    assertThat(decide(fallback, local, 1).isAllowed()).isFalse();
  }

  @Test
  void shadowsNeverDeny() {
    String shadow =
        "- {key: user_id, shadow_mode: true, rate_limit: {unit: hour, requests_per_unit: 1,"
            + " on_error: deny}}\n";
    assertThat(decide(fallback(OnError.ALLOW, 1), shadow, 1).isAllowed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "deny, deny, false",
    "deny, allow, true",
    "local, allow, true",
    "local, deny, false",
    "local, local, false"
  })
  void quotasDenyOnlyTogether(String first, String second, boolean allowed) {
    Fallback fallback = fallback(OnError.ALLOW, 1);
    String quotas = quota("user_id", first) + quota("ip", second);
    // Whatever is local is used up by the first.
    decide(fallback, quotas, 10);
    assertThat(decide(fallback, quotas, 1).isAllowed()).isEqualTo(allowed);
  }

  private static String quota(String key, String onError) {
    return "- {key: "
        + key
        + ", quota_mode: true, rate_limit: {unit: hour, requests_per_unit: 10, on_error: "
        + onError
        + "}}\n";
  }
}
