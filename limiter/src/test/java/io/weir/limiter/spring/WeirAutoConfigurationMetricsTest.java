package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.RequestedDescriptor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The counters of decisions. */
class WeirAutoConfigurationMetricsTest extends WeirAutoConfigurationKit {
  private final ApplicationContextRunner metered =
      plain
          .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
          .withPropertyValues("weir.limits.per-user=1/day by user");

  @Test
  void decisionsAreCountedWithoutAnyAttributeOfRequests() {
    metered.run(
        context -> {
          RateLimiter limiter = context.getBean(RateLimiter.class);
          AsyncRateLimiter async = context.getBean(AsyncRateLimiter.class);
          Request request = Request.of("api", "user", "42");
          limiter.check(request);
          async.checkAsync(request).toCompletableFuture().join();
          limiter.checkDescriptors(
              new DescriptorsRequest(
                  "api", List.of(RequestedDescriptor.of(new Entry("user", "42")))));
          limiter.check(Request.of("api", "nobody", "42"));

          MeterRegistry registry = context.getBean(MeterRegistry.class);
          assertThat(count(registry, "per-user", "allow", "within_limit")).isEqualTo(1);
          assertThat(count(registry, "per-user", "deny", "over_limit")).isEqualTo(2);
          assertThat(count(registry, "none", "allow", "no_rule")).isEqualTo(1);

          long now = limiter.check(request.peek()).nowMillis();
          limiter.reset(request);
          async.refundAsync(request, now).toCompletableFuture().join();
          assertThat(registry.find("weir.decisions").counters()).hasSize(3);
        });
  }

  private static double count(MeterRegistry registry, String rule, String verdict, String reason) {
    return registry
        .get("weir.decisions")
        .tags(
            "domain",
            "api",
            "rule",
            rule,
            "verdict",
            verdict,
            "reason",
            reason,
            "degraded",
            "false")
        .counter()
        .count();
  }

  @Test
  void whatTheRulesDoNotKnowIsNoLabel() {
    metered.run(
        context -> {
          RateLimiter limiter = context.getBean(RateLimiter.class);
          limiter.check(Request.of("made-up", "user", "42"));
          context
              .getBean(DecisionMetrics.class)
              .onDecision("made-up", limiter.check(Request.of("api", "user", "42")));

          MeterRegistry registry = context.getBean(MeterRegistry.class);
          assertThat(registry.find("weir.decisions").tag("domain", "made-up").counters()).isEmpty();
          assertThat(
                  registry
                      .find("weir.decisions")
                      .tags("domain", "other", "rule", "override")
                      .counters())
              .hasSize(1);
        });
  }
}
