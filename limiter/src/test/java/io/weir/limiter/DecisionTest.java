package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionTest {
  private static final long START = 1_767_225_600_000L;

  @Test
  void waitsAreToldFromTheRequestsOwnTime() {
    RuleSet rules =
        RuleSet.of(
            DomainRules.of(
                "api",
                Descriptor.key("user").limit(RuleLimit.perMinute(1)),
                Descriptor.key("ip").limit(RuleLimit.perMinute(9))));
    FakeClock clock = new FakeClock(START + 50_000);
    RateLimiter limiter =
        new RuleBasedRateLimiter(
            () -> rules, InMemoryBackend.builder().clock(clock).build(), clock);
    Request request = Request.of("api", Map.of("user", "1", "ip", "::1"));
    Decision allowed = limiter.check(request).requestedAt(START);
    assertThat(allowed.timestampMillis()).isEqualTo(START);
    assertThat(allowed.nowMillis()).isEqualTo(START + 50_000);
    assertThat(allowed.retryAfterMillis()).isEmpty();

    Decision denied = limiter.check(request);
    Decision earlier = denied.requestedAt(START + 20_000);
    assertThat(earlier.retryAfterMillis()).hasValue(40_000);
    assertThat(earlier.statuses().get(0).retryAfterMillis()).hasValue(40_000);
    assertThat(earlier.statuses().get(1).retryAfterMillis()).isEmpty();
    assertThat(denied.requestedAt(START + 61_000).retryAfterMillis()).hasValue(0);
  }
}
