package io.weir.streams.cli.compare;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleLimitBuilder;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.LimitText;
import io.weir.streams.compare.Arrival;
import io.weir.streams.compare.Contender;
import io.weir.streams.compare.Traffic;
import io.weir.streams.compare.TrafficPattern;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What traffic is judged by, and so what traffic is made for it. Immutable. */
sealed interface Judging {

  /** The rules. */
  RuleSet rules();

  /** Who judges by them. */
  List<Contender> contenders();

  /** What is compared, in one line. */
  String title();

  /** What a user of made traffic asks for. */
  TrafficPattern.Asked asked(long user);

  /** Recorded traffic so that the rules meet it. */
  default Traffic meeting(Traffic recorded) {
    return recorded;
  }

  /**
   * What made traffic is in proportion to: the first limit that a user meets.
   *
   * @throws CommandFailure if there is none
   */
  default TrafficPattern.Shape shape() {
    TrafficPattern.Asked asked = asked(0);
    Limit limit =
        limitOf(asked.domain(), asked.attributes())
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "no limit applies to a request with " + asked.attributes(),
                        "give the attributes that the rules are about, such as 'user_id={user}'"));
    return new TrafficPattern.Shape(limit.requests(), limit.periodMillis());
  }

  /** The first limit that grants something to such a request. */
  default Optional<Limit> limitOf(String domain, Map<String, String> attributes) {
    return rules().match(domain, attributes).identifiers().stream()
        .flatMap(each -> each.limits().stream())
        .map(ApplicableLimit::limit)
        .filter(limit -> limit.requests() > 0)
        .findFirst();
  }

  /**
   * One limit for each value of an attribute.
   *
   * @param requests what it grants each period
   * @param burst the most at one instant, where an algorithm has such a number
   * @param key the attribute
   */
  record OneLimit(long requests, Duration period, Optional<Long> burst, String key)
      implements Judging {
    private static final String DOMAIN = "compare";

    @Override
    public RuleSet rules() {
      RuleLimitBuilder limit =
          RuleLimit.perSecond(requests).every(period).algorithm(new TokenBucket());
      burst.ifPresent(limit::burst);
      return RuleSet.of(DomainRules.of(DOMAIN, Descriptor.key(key).limit(limit)));
    }

    @Override
    public List<Contender> contenders() {
      return Contender.standard();
    }

    @Override
    public String title() {
      return LimitText.limit(requests, period.toMillis(), burst.orElse(requests));
    }

    @Override
    public TrafficPattern.Asked asked(long user) {
      return new TrafficPattern.Asked(DOMAIN, Map.of(key, "user-" + user));
    }

    /** The limit is for all, whatever their domain. */
    @Override
    public Traffic meeting(Traffic recorded) {
      List<Arrival> all = recorded.arrivals().stream().map(it -> it.in(DOMAIN)).toList();
      if (all.stream().noneMatch(it -> it.attributes().containsKey(key))) {
        throw new CommandFailure(
            "no request of " + recorded.name() + " has the attribute " + key,
            "name another one with --key; the first has " + all.get(0).attributes().keySet());
      }
      return new Traffic(recorded.name(), recorded.description(), all);
    }
  }

  /**
   * Rules of the user's own.
   *
   * @param name what the report calls them
   * @param attributes those of made traffic, where {user} stands for the user
   */
  record OwnRules(String name, DomainRules domain, Map<String, String> attributes)
      implements Judging {
    private static final String USER = "{user}";

    @Override
    public RuleSet rules() {
      return RuleSet.of(domain);
    }

    @Override
    public List<Contender> contenders() {
      return Stream.concat(Stream.of(Contender.asWritten()), Contender.standard().stream())
          .toList();
    }

    @Override
    public String title() {
      return name;
    }

    @Override
    public TrafficPattern.Asked asked(long user) {
      Map<String, String> filled = new LinkedHashMap<>();
      attributes.forEach((key, value) -> filled.put(key, value.replace(USER, "user-" + user)));
      return new TrafficPattern.Asked(domain.domain(), filled);
    }
  }
}
