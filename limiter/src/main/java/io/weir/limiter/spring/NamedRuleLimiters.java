package io.weir.limiter.spring;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.http.NamedLimit;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** The usual {@link RuleLimiters}: limiters of one rule over the state that all rules have. */
final class NamedRuleLimiters implements RuleLimiters {
  private record Key(String domain, String rule) {}

  /** The limiters of one edition of the rules. */
  private record Edition(RuleSet rules, Map<Key, RuleLimiter> limiters) {}

  private final Supplier<RuleSet> rules;
  private final String usualDomain;
  private final Algorithms algorithms;
  private final Function<RuleSet, ObservedRateLimiter> limiters;
  private volatile Edition edition;

  /** Who was asked for, by which attributes. */
  private final Map<Key, List<String>> asked = new ConcurrentHashMap<>();

  NamedRuleLimiters(
      Supplier<RuleSet> rules,
      String usualDomain,
      Algorithms algorithms,
      Function<RuleSet, ObservedRateLimiter> limiters) {
    this.rules = rules;
    this.usualDomain = usualDomain;
    this.algorithms = algorithms;
    this.limiters = limiters;
    this.edition = new Edition(rules.get(), new ConcurrentHashMap<>());
  }

  @Override
  public RuleLimiter of(String domain, String rule) {
    RuleSet now = rules.get();
    Edition known = edition;
    if (known.rules() != now) {
      known = new Edition(now, new ConcurrentHashMap<>());
      edition = known;
    }
    return known
        .limiters()
        .computeIfAbsent(
            new Key(domain.isEmpty() ? usualDomain : domain, rule), key -> create(key, now));
  }

  /**
   * Wants the limits that were asked for in other rules, too, by the same attributes.
   *
   * @throws IllegalArgumentException if one is not there, or is by others
   */
  void requireKnown(RuleSet next) {
    asked.forEach(
        (key, keys) -> {
          List<String> newKeys = find(key, next).keys();
          if (!newKeys.equals(keys)) {
            throw new IllegalArgumentException(
                "the limit '"
                    + key.rule()
                    + "', which the application asks for by "
                    + keys
                    + ", is by "
                    + newKeys
                    + "; that takes a restart");
          }
        });
  }

  private RuleLimiter create(Key key, RuleSet now) {
    NamedLimit limit = find(key, now);
    asked.put(key, limit.keys());
    ObservedRateLimiter limiter = limiters.apply(RuleSet.of(limit.rules()));
    return new RuleLimiter(limit, limiter, limiter);
  }

  private NamedLimit find(Key key, RuleSet in) {
    DomainRules all =
        in.find(key.domain())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no domain "
                            + key.domain()
                            + "; there are "
                            + in.domains().stream().map(DomainRules::domain).toList()));
    return NamedLimit.find(key.rule(), all, algorithms);
  }
}
