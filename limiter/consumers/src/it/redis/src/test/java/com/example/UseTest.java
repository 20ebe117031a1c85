package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weir.limiter.Decision;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import org.junit.jupiter.api.Test;

class UseTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: year, requests_per_unit: 1}
      """;

  /** Nobody listens there: all that the limiter needs is loaded, and it answers in time. */
  @Test
  void answersWithoutRedis() {
    RuleSet rules = RuleSet.of(RulesReader.standard().read("api.yaml", RULES));
    try (RedisRateLimiter limiter = RedisRateLimiter.of(rules, "redis://127.0.0.1:1")) {
      Decision decision = limiter.check(Request.of("api", "user_id", "42"));
      assertTrue(decision.degraded());
      assertEquals(Reason.BACKEND_FAILED, decision.reason());
    }
  }
}
