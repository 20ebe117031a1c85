package io.weir.limiter.rule;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.perMinute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.LogLines;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.CountdownAlgorithm;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules given in code: what they are, and the same complaints as about a file. */
class DomainRulesTest {
  @Test
  void problemsTellThePathInTheTree() {
    assertThatThrownBy(
            () ->
                DomainRules.of(
                    "shop",
                    key("user").with(key("", "x"), key("a").limit(perMinute(-1))),
                    key("user", "eve").limit(perMinute(1).burst(2)),
                    key("user", "eve"),
                    key("ip").limits(perMinute(1), perMinute(1).named("a").replacing(""))))
        .isInstanceOf(RulesException.class)
        .hasMessage(
            """
            shop.user.descriptors[0]: descriptor has empty key
            shop.user.a: requests_per_unit is -1; it must be 0 or more
            shop.user_eve: burst has no meaning for fixed_window; leave it out, or choose token_bucket or leaky_bucket
            shop.user_eve: duplicate descriptor composite key 'shop.user_eve'
            shop.ip.rate_limits[0]: a limit of rate_limits has no name; each needs one, its state is kept by it
            shop.ip.rate_limits[1]: should not have an empty replaces entry\
            """);
  }

  @Test
  void whatIsHardlyMeantIsLoggedOrGivenToWhoAsks() {
    List<DescriptorBuilder> descriptors =
        List.of(
            key("user").limit(perMinute(1).named("users").replacing("teems")),
            key("team").limit(perMinute(1).named("teams")));
    String warning =
        "shop.user: replaces names 'teems', but no limit of this domain has that name; named are"
            + " teams, users; did you mean 'teams'?";
    try (LogLines logged = LogLines.of(DomainRules.class)) {
      DomainRules rules = DomainRules.of("shop", descriptors);
      assertThat(logged.messages()).containsExactly(warning);

      LoadedRules loaded = DomainRules.load("shop", Algorithms.standard(), descriptors);
      assertThat(loaded).isEqualTo(new LoadedRules(List.of(rules), List.of(warning)));
      assertThat(logged.messages()).hasSize(1);
    }
  }

  @Test
  void domainMustHaveAName() {
    assertThatThrownBy(() -> DomainRules.of(""))
        .hasMessage("rules: config file cannot have empty domain");
  }

  @Test
  void oneLimitIsOne() {
    assertThatThrownBy(
            () -> DomainRules.of("shop", key("user").limit(perMinute(1)).limit(perMinute(2))))
        .hasMessage(
            "shop.user: rate_limit is given 2 times; keep one of them, and put the others into"
                + " rate_limits, each with a name");
  }

  @Test
  void unlimitedTakesNoAlgorithm() {
    assertThatThrownBy(
            () ->
                DomainRules.of(
                    "shop", key("user").limit(RuleLimit.unlimited().algorithm(new TokenBucket()))))
        .hasMessage("shop.user: should not specify algorithm when unlimited");
  }

  @Test
  void ownAlgorithmMustHaveANameOfItsOwn() {
    assertThatThrownBy(
            () ->
                DomainRules.of(
                    "shop",
                    key("user")
                        .limit(perMinute(5).algorithm(new CountdownAlgorithm("fixed_window")))))
        .hasMessage("shop.user: there is an algorithm 'fixed_window' already");
    assertThatThrownBy(
            () ->
                DomainRules.of(
                    "shop",
                    key("user").limit(perMinute(5).algorithm(new CountdownAlgorithm("No!")))))
        .hasMessageContaining("'No!' is no algorithm name");
  }

  @Test
  void halfACharacterIsRefusedWhereverStateKeysAreMadeOfIt() {
    String half = "\uD83D";
    String problem = " holds half of a surrogate pair, which is no character";
    assertThatThrownBy(() -> DomainRules.of(half)).hasMessage("rules: domain" + problem);
    assertThatThrownBy(() -> DomainRules.of("shop", key(half)))
        .hasMessageEndingWith("key" + problem);
    assertThatThrownBy(() -> DomainRules.of("shop", key("user", half)))
        .hasMessageEndingWith("value" + problem);
    assertThatThrownBy(
            () -> DomainRules.of("shop", key("user").limits(perMinute(1).named("a" + half))))
        .hasMessage("shop.user: name" + problem);
  }

  @Test
  void algorithmsAndUnitsCanBeNamed() {
    assertThat(
            DomainRules.of(
                "shop",
                Algorithms.standard().with(new OwnAlgorithm()),
                List.of(
                    key("a").limit(RuleLimit.per(5, "MINUTE").algorithm("own").onError("Deny")))))
        .isEqualTo(
            DomainRules.of(
                "shop",
                key("a").limit(perMinute(5).algorithm(new OwnAlgorithm()).onError(OnError.DENY))));
  }

  @Test
  void metadataCanBeJsonText() {
    assertThat(DomainRules.of("shop", key("a").metadata("{\"b\": [1, .5, null]}")))
        .isEqualTo(DomainRules.of("shop", key("a").metadata(Metadata.ofJson("{b: [1, 0.5, ~]}"))));
    assertThat(DomainRules.of("shop", key("a").metadata("{}")))
        .isEqualTo(DomainRules.of("shop", key("a")));
    assertThatThrownBy(() -> DomainRules.of("shop", key("a").metadata("5")))
        .hasMessage(
            "shop.a: error parsing metadata: metadata:1: the text must be a JSON object, such as"
                + " {\"tier\":\"gold\"}");
    assertThatThrownBy(() -> DomainRules.of("shop", key("a").metadata("{a: ]")))
        .hasMessageStartingWith(
            "shop.a: error parsing metadata: metadata:1: error loading config file: yaml: ");
  }

  @Test
  void deepestTreeThatIsAllowed() {
    DescriptorBuilder deepest = key("k64");
    for (int i = 63; i > 0; i--) {
      deepest = key("k" + i).with(deepest);
    }
    assertThat(DomainRules.of("shop", deepest).descriptors()).hasSize(1);
    DescriptorBuilder tooDeep = key("k0").with(deepest);
    assertThatThrownBy(() -> DomainRules.of("shop", tooDeep))
        .hasMessageEndingWith(".k63: descriptors are nested deeper than 64 levels");
  }

  @Test
  void equalityIsThatOfEveryPart() {
    DomainRules rules = DomainRules.of("shop", key("a").metadata("{\"b\":1}"));
    DomainRules same = DomainRules.of("shop", key("a").metadata("{\"b\":1}"));
    assertThat(rules)
        .isEqualTo(same)
        .hasSameHashCodeAs(same)
        .isNotEqualTo(DomainRules.of("other", key("a").metadata("{\"b\":1}")))
        .isNotEqualTo(DomainRules.of("shop", key("a").metadata("{\"b\":2}")))
        .isNotEqualTo(DomainRules.of("shop", key("a")))
        .isNotEqualTo(rules.withRevision(1))
        .isNotEqualTo("shop");
    Descriptor descriptor = rules.descriptors().get(0);
    assertThat(descriptor).hasSameHashCodeAs(same.descriptors().get(0)).isNotEqualTo("a");
    Metadata metadata = descriptor.metadata().orElseThrow();
    assertThat(metadata)
        .isEqualTo(same.descriptors().get(0).metadata().orElseThrow())
        .hasSameHashCodeAs(same.descriptors().get(0).metadata().orElseThrow())
        .isNotEqualTo("{\"b\":1}");
  }

  @Test
  void onlyAStarInTheValueMakesAWildcard() {
    assertThat(DomainRules.of("shop", key("a*"), key("a", "b"), key("a", "b*")).descriptors())
        .extracting(Descriptor::isWildcard)
        .containsExactly(false, false, true);
  }

  @Test
  void textForPeopleTellsTheTree() {
    DomainRules rules =
        DomainRules.of("shop", key("a", "x").unlimited().with(key("b").metadata("{\"c\":1}")));
    assertThat(rules)
        .hasToString("shop[a_x[Unlimited[name=Optional.empty, replaces=[]], b[]]] revision 0");
    assertThat(rules.descriptors().get(0).children().get(0).metadata())
        .hasValueSatisfying(metadata -> assertThat(metadata).hasToString("{\"c\":1}"));
  }

  @Test
  void limitWhosePeriodIsNoWholeNumberOfUnitsIsRefused() {
    Limit limit = Limit.of(new FixedWindow(), 5, Duration.ofSeconds(90));
    assertThatThrownBy(
            () ->
                new RuleLimit.Limited(
                    Optional.empty(), limit, RateUnit.MINUTE, List.of(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the period of 1 min 30 s is not a whole number of units of one minute");
    assertThat(
            new RuleLimit.Limited(
                    Optional.empty(), limit, RateUnit.SECOND, List.of(), Optional.empty())
                .unitMultiplier())
        .isEqualTo(90);
  }
}
