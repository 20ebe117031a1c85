package io.weir.benchmarks.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;

/** Weir with one rule. */
final class WeirChecks implements Checks {
  private static final String DOMAIN = "api";
  private static final String ATTRIBUTE = "user_id";
  private static final String PREFIX = "weir-bench:";
  private static final String YAML =
      """
      domain: %s
      descriptors:
        - key: %s
          rate_limit:
            algorithm: token_bucket
            unit: second
            requests_per_unit: %d
            burst: %d
      """
          .formatted(DOMAIN, ATTRIBUTE, Users.PER_SECOND, Users.BURST);

  private final RedisRateLimiter limiter;

  WeirChecks(String uri) {
    RuleSet rules = RuleSet.of(new RulesReader(Algorithms.standard()).read("bench.yaml", YAML));
    this.limiter = RedisRateLimiter.builder(() -> rules).uri(uri).keyPrefix(PREFIX).build();
  }

  @Override
  public Answer check(String user) {
    Decision decision = limiter.check(Request.of(DOMAIN, ATTRIBUTE, user));
    if (decision.degraded()) {
      return Answer.UNANSWERED;
    }
    return decision.verdict() == Verdict.ALLOW ? Answer.ALLOWED : Answer.DENIED;
  }

  @Override
  public String key(String user) {
    return PREFIX + "{" + DOMAIN + "/" + ATTRIBUTE + "=" + user + "}";
  }

  @Override
  public void close() {
    limiter.close();
  }
}
