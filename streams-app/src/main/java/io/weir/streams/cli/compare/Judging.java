package io.weir.streams.cli.compare;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Match;
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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
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

  /**
   * Recorded traffic so that the rules meet it, with how much of it meets no limit.
   *
   * @throws CommandFailure if it is all
   */
  Traffic meeting(Traffic recorded);

  /**
   * Recorded traffic that says how many of its requests meet no limit.
   *
   * @param hint what to do where it is all of them
   */
  private static Traffic counted(Traffic recorded, Predicate<Arrival> meets, String hint) {
    long without = recorded.arrivals().stream().filter(meets.negate()).count();
    if (without == recorded.arrivals().size()) {
      Arrival first = recorded.arrivals().get(0);
      throw new CommandFailure(
          "no limit applies to any request of " + recorded.name(),
          hint
              + "; the first is of the domain "
              + first.domain()
              + " and has "
              + new TreeMap<>(first.attributes()));
    }
    String description =
        without == 0
            ? recorded.description()
            : String.format(
                Locale.ROOT,
                "%s %,d of %,d meet no limit.",
                recorded.description(),
                without,
                recorded.arrivals().size());
    return new Traffic(recorded.name(), description, recorded.arrivals());
  }

  /** Made traffic that says what it is in proportion to, where the title does not. */
  default Traffic describing(Traffic made, TrafficPattern.Shape shape) {
    return made;
  }

  /** How people read a shape. */
  static String text(TrafficPattern.Shape shape) {
    return LimitText.limit(shape.requests(), shape.periodMillis(), shape.requests());
  }

  /**
   * What made traffic is in proportion to: of the limits that a user meets, that with the lowest
   * rate, as it is what denies.
   *
   * @throws CommandFailure if there is none
   */
  default TrafficPattern.Shape shape() {
    TrafficPattern.Asked asked = asked(0);
    Match match = rules().match(asked.domain(), asked.attributes());
    Limit limit =
        match.identifiers().stream()
            .flatMap(each -> each.limits().stream())
            .map(ApplicableLimit::limit)
            .filter(it -> it.requests() > 0)
            .min(Comparator.comparingDouble(it -> (double) it.requests() / it.periodMillis()))
            .orElseThrow(() -> nothingToShape(match, asked));
    return new TrafficPattern.Shape(limit.requests(), limit.periodMillis());
  }

  private static CommandFailure nothingToShape(Match match, TrafficPattern.Asked asked) {
    return match.matched()
        ? new CommandFailure(
            "the rules deny every request with " + asked.attributes() + ", or do not limit it",
            "there is nothing to compare; ask for something that they limit")
        : new CommandFailure(
            "no limit applies to a request with " + asked.attributes(),
            "give the attributes that the rules are about, such as 'user_id={user}'");
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
      Traffic counted =
          counted(
              recorded,
              it -> it.attributes().containsKey(key),
              "it is for each " + key + ", name another attribute with --key");
      return new Traffic(
          counted.name(),
          counted.description(),
          counted.arrivals().stream().map(it -> it.in(DOMAIN)).toList());
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
    public Traffic describing(Traffic made, TrafficPattern.Shape shape) {
      return new Traffic(
          made.name(), made.description() + " The limit is " + text(shape) + ".", made.arrivals());
    }

    /** Whether made requests of one user differ from those of another. */
    boolean tellsUsersApart() {
      return attributes.values().stream().anyMatch(value -> value.contains(USER));
    }

    @Override
    public Traffic meeting(Traffic recorded) {
      RuleSet rules = rules();
      return counted(
          recorded,
          it -> !rules.match(it.domain(), it.attributes()).identifiers().isEmpty(),
          "the rules are for the domain " + domain.domain());
    }

    @Override
    public TrafficPattern.Asked asked(long user) {
      Map<String, String> filled = new LinkedHashMap<>();
      attributes.forEach((key, value) -> filled.put(key, value.replace(USER, "user-" + user)));
      return new TrafficPattern.Asked(domain.domain(), filled);
    }
  }
}
