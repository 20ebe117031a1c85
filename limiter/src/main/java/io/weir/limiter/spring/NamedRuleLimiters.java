package io.weir.limiter.spring;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.http.NamedLimit;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The usual {@link RuleLimiters}: limiters of one rule over the state that all rules have. */
final class NamedRuleLimiters implements RuleLimiters {
  private record Key(String domain, String rule) {}

  private final RuleSet rules;
  private final String usualDomain;
  private final Algorithms algorithms;
  private final Function<RuleSet, ObservedRateLimiter> limiters;
  private final Map<Key, RuleLimiter> known = new ConcurrentHashMap<>();

  NamedRuleLimiters(
      RuleSet rules,
      String usualDomain,
      Algorithms algorithms,
      Function<RuleSet, ObservedRateLimiter> limiters) {
    this.rules = rules;
    this.usualDomain = usualDomain;
    this.algorithms = algorithms;
    this.limiters = limiters;
  }

  @Override
  public RuleLimiter of(String domain, String rule) {
    return known.computeIfAbsent(
        new Key(domain.isEmpty() ? usualDomain : domain, rule), this::create);
  }

  private RuleLimiter create(Key key) {
    DomainRules all =
        rules
            .find(key.domain())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no domain "
                            + key.domain()
                            + "; there are "
                            + rules.domains().stream().map(DomainRules::domain).toList()));
    NamedLimit limit = NamedLimit.find(key.rule(), all, algorithms);
    ObservedRateLimiter limiter = limiters.apply(RuleSet.of(limit.rules()));
    return new RuleLimiter(limit, limiter, limiter);
  }
}
