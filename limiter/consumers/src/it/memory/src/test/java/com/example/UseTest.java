package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.outbound.TokenBucketRateLimiter;
import io.weir.limiter.plain.PlainLimiter;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UseTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: year, requests_per_unit: 1}
      """;

  @Test
  void limitsByRules() {
    RuleSet rules = RuleSet.of(RulesReader.standard().read("api.yaml", RULES));
    try (RateLimiter limiter = RateLimiter.inMemory(rules)) {
      Request request = Request.of("api", "user_id", "42");
      assertTrue(limiter.check(request).isAllowed());
      assertFalse(limiter.check(request).isAllowed());
    }
  }

  @Test
  void limitsWithoutRulesAndCallsOthers() throws Exception {
    Limit limit = Limit.tokenBucket(1, Duration.ofDays(1));
    assertTrue(PlainLimiter.of(limit).tryAcquire());
    try (TokenBucketRateLimiter outbound = TokenBucketRateLimiter.builder(limit).build()) {
      assertEquals("answer", outbound.execute(() -> "answer"));
    }
  }
}
