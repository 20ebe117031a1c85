package io.weir.limiter.spring;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservedRateLimiterTest {
  private static final RuleSet RULES =
      RuleSet.of(DomainRules.of("api", key("user").limit(RuleLimit.perDay(1))));

  @Test
  void aListenerThatThrowsChangesNoDecisionAndOthersAreToldAllTheSame() {
    List<Decision> told = new ArrayList<>();
    ObservedRateLimiter limiter =
        new ObservedRateLimiter(
            new RuleBasedRateLimiter(
                () -> RULES, InMemoryBackend.builder().build(), InstantSource.system()),
            List.of(
                (domain, decision) -> {
                  throw new IllegalStateException("no more meters");
                },
                (domain, decision) -> told.add(decision)));
    Request request = Request.of("api", "user", "42");

    Decision allowed = limiter.check(request);
    Decision denied = limiter.checkAsync(request).toCompletableFuture().join();

    assertThat(allowed.isAllowed()).isTrue();
    assertThat(denied.isAllowed()).isFalse();
    assertThat(told).containsExactly(allowed, denied);
  }
}
