package io.weir.limiter.rule;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.perDay;
import static io.weir.limiter.rule.RuleLimit.perHour;
import static io.weir.limiter.rule.RuleLimit.perMinute;
import static io.weir.limiter.rule.RuleLimit.perSecond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What applies to a request, by examples that a reader of the rules' documentation knows. */
class RuleSetTest {
  @Test
  void unknownDomainMatchesNothing() {
    assertThat(RuleSet.empty().match("api", Map.of("user_id", "42")))
        .isEqualTo(new Match(List.of(), false, 0));
    assertThat(RuleSet.empty().matchDescriptor("api", List.of(new Entry("user_id", "42"))))
        .isEqualTo(new Match(List.of(), false, 0));
  }

  @Test
  void exactValueBeatsWildcardBeatsBareKey() {
    RuleSet rules =
        rules(
            key("user_id").limit(perMinute(1)),
            key("user_id", "vip-*").limit(perMinute(2)),
            key("user_id", "vip-1*").limit(perMinute(3)),
            key("user_id", "vip-1").limit(perMinute(4)));
    assertThat(requests(rules, Map.of("user_id", "vip-1"))).containsExactly(4L);
    assertThat(requests(rules, Map.of("user_id", "vip-12"))).containsExactly(2L);
    assertThat(requests(rules, Map.of("user_id", "x"))).containsExactly(1L);
  }

  @Test
  void thereIsNoWayBackFromTheChosenChild() {
    RuleSet rules =
        rules(
            key("user_id").with(key("endpoint").limit(perMinute(1))),
            key("user_id", "42").with(key("method").limit(perMinute(2))));
    assertThat(requests(rules, Map.of("user_id", "42", "endpoint", "/"))).isEmpty();
  }

  @Test
  void everyNodeOnTheWayAppliesUnderTheIdentifierOfTheFirst() {
    RuleSet rules =
        rules(
            key("user_id")
                .limit(perMinute(100))
                .with(key("endpoint", "/login").limit(perSecond(1))));
    Match match = rules.match("api", Map.of("user_id", "42", "endpoint", "/login"));
    assertThat(match.identifiers())
        .extracting(IdentifierLimits::identifier)
        .containsExactly("api/user_id=42");
    assertThat(match.identifiers().get(0).limits())
        .extracting(ApplicableLimit::stateKey)
        .containsExactly("api/user_id=42|#", "api/user_id=42|endpoint=%2Flogin#");
    assertThat(match.identifiers().get(0).limits())
        .extracting(ApplicableLimit::rule)
        .containsExactly("api.user_id", "api.user_id.endpoint_/login");
  }

  @Test
  void childrenWithDifferentKeysAreAllWalkedInFileOrder() {
    RuleSet rules =
        rules(
            key("ip").limit(perMinute(1)),
            key("user_id", "7").limit(perMinute(2)),
            key("ip", "10.*").limit(perMinute(3)),
            key("user_id").limit(perMinute(4)));
    Match match = rules.match("api", Map.of("user_id", "42", "ip", "10.1"));
    assertThat(match.identifiers())
        .extracting(IdentifierLimits::identifier)
        .containsExactly("api/ip=10.1", "api/user_id=42");
  }

  @Test
  void attributeIsUsedOnceOnAPath() {
    RuleSet rules = rules(key("path", "a*").with(key("path", "a*").limit(perMinute(1))));
    assertThat(rules.match("api", Map.of("path", "ab")).matched()).isFalse();
    assertThat(
            rules
                .matchDescriptor("api", List.of(new Entry("path", "ab"), new Entry("path", "ac")))
                .identifiers())
        .hasSize(1);
  }

  @Test
  void nodeWithoutLimitFreesOnlyItself() {
    RuleSet rules =
        rules(
            key("user_id").limit(perMinute(1)),
            key("user_id", "admin").with(key("endpoint").limit(perMinute(2))),
            key("ip").limit(perMinute(3)));
    assertThat(requests(rules, Map.of("user_id", "admin", "endpoint", "/", "ip", "1")))
        .containsExactly(2L, 3L);
    assertThat(rules.match("api", Map.of("user_id", "admin")).matched()).isFalse();
  }

  @Test
  void unlimitedCountsAsAMatch() {
    RuleSet rules = rules(key("user_id").unlimited());
    assertThat(rules.match("api", Map.of("user_id", "42")))
        .isEqualTo(new Match(List.of(), true, 0));
  }

  @Test
  void limitsOfAListHaveStatesByName() {
    RuleSet rules = rules(key("ip").limits(perSecond(1).named("short/1"), perDay(9).named("long")));
    assertThat(rules.match("api", Map.of("ip", "::1")).identifiers().get(0).limits())
        .extracting(ApplicableLimit::stateKey)
        .containsExactly("api/ip=%3A%3A1|#short%2F1", "api/ip=%3A%3A1|#long");
  }

  @Test
  void aLimitKeepsItsStateWhereOthersComeBesideIt() {
    for (RuleLimitBuilder first : List.of(perSecond(1), perSecond(1).named("first"))) {
      RuleSet rules = rules(key("ip").limits(perDay(9).named("long")).limit(first));
      assertThat(rules.match("api", Map.of("ip", "::1")).identifiers().get(0).limits())
          .extracting(ApplicableLimit::stateKey)
          .containsExactly("api/ip=%3A%3A1|#", "api/ip=%3A%3A1|#long");
    }
  }

  @Test
  void furtherEntriesStandInTheOrderOfThePath() {
    RuleSet rules =
        rules(
            key("c")
                .with(key("b").with(key("a").limit(perMinute(1)), key("d").limit(perMinute(2)))));
    assertThat(
            rules
                .match("api", Map.of("a", "1", "b", "2", "c", "3", "x", "9"))
                .identifiers()
                .get(0)
                .limits())
        .extracting(ApplicableLimit::stateKey)
        .containsExactly("api/c=3|b=2/a=1#");
  }

  @Test
  void fileOrderIsThatOfTheNodesAndNotOfTheirKeys() {
    RuleSet rules =
        rules(
            key("a").limit(perMinute(1)),
            key("b", "x").limit(perMinute(2)),
            key("a", "x").limit(perMinute(3)));
    assertThat(requests(rules, Map.of("a", "x", "b", "x"))).containsExactly(2L, 3L);
    assertThat(requests(rules, Map.of("a", "y", "b", "y"))).containsExactly(1L);
  }

  @Test
  void whoeverReplacesMayBeUnlimitedAShadowOrReplacedItself() {
    RuleSet rules =
        rules(
            key("a").limit(perMinute(1).named("one").replacing("two")),
            key("b").shadow().limit(perMinute(2).named("two").replacing("one")),
            key("c").limit(RuleLimit.unlimited().replacing("four")),
            key("d").limit(perMinute(4).named("four")),
            key("e").limit(perMinute(5)));
    assertThat(requests(rules, Map.of("a", "1", "b", "1", "c", "1", "d", "1", "e", "1")))
        .containsExactly(5L);
    assertThat(requests(rules, Map.of("b", "1", "d", "1"))).containsExactly(2L, 4L);
    assertThat(rules.match("api", Map.of("c", "1", "d", "1")).matched()).isTrue();
  }

  @Test
  void limitOfOneDescriptorMayReplaceOneOfAnother() {
    RuleSet rules =
        rules(
            key("a").limit(perMinute(1).named("one")),
            key("b").limit(perMinute(2).replacing("one")));
    List<Match> matches =
        rules.matchDescriptors(
            "api", List.of(RequestedDescriptor.of("a", "1"), RequestedDescriptor.of("b", "1")));
    assertThat(matches.get(0)).isEqualTo(new Match(List.of(), true, 0));
    assertThat(matches.get(1).identifiers()).hasSize(1);
  }

  @Test
  void sharedThresholdStandsForTheValueEverywhere() {
    RuleSet rules =
        rules(
            key("path", "/files/*")
                .shareThreshold()
                .with(key("type", "*é").shareThreshold().limit(perHour(5))));
    IdentifierLimits limits =
        rules.match("api", Map.of("path", "/files/a", "type", "caf\u00e9")).identifiers().get(0);
    assertThat(limits.identifier()).isEqualTo("api/path=%2Ffiles%2F*");
    assertThat(limits.limits().get(0).stateKey()).isEqualTo("api/path=%2Ffiles%2F*|type=*%C3%A9#");
  }

  @Test
  void pairsAreMatchedAndNotJoinedStrings() {
    RuleSet rules = rules(key("a", "b_c").limit(perMinute(1)));
    assertThat(requests(rules, Map.of("a_b", "c"))).isEmpty();
    assertThat(requests(rules, Map.of("a", "b_c"))).containsExactly(1L);
  }

  @Test
  void starInAKeyIsAnOrdinaryCharacter() {
    RuleSet rules = rules(key("a*").shareThreshold().limit(perMinute(1)));
    assertThat(requests(rules, Map.of("ab", "c"))).isEmpty();
    assertThat(rules.match("api", Map.of("a*", "c")).identifiers().get(0).identifier())
        .isEqualTo("api/a%2A=c");
  }

  @Test
  void emptyValueIdentifiesNobody() {
    RuleSet rules = rules(key("user_id").limit(perMinute(1)));
    assertThatThrownBy(() -> rules.match("api", Map.of("user_id", "")))
        .isInstanceOf(IdentifierException.class)
        .hasMessage(
            "attribute user_id is empty, but rules of domain api limit by it; send a value, or"
                + " leave the attribute out");
  }

  @Test
  void emptyValueIsNoMatterWhereNothingWouldBeJudgedByIt() {
    RuleSet rules =
        rules(
            key("shadow").shadow().limit(perMinute(1)),
            key("free").limit(RuleLimit.unlimited()),
            key("old").limit(perMinute(1).named("old")),
            key("user_id").limit(perMinute(2).replacing("old")));

    Match match = rules.match("api", Map.of("shadow", "", "free", "", "old", "", "user_id", "42"));

    assertThat(match.identifiers())
        .flatExtracting(IdentifierLimits::limits)
        .extracting(ApplicableLimit::stateKey)
        .containsExactly("api/user_id=42|#");
    assertThat(rules.match("api", Map.of("shadow", "")).matched()).isFalse();
    assertThat(rules.match("api", Map.of("free", "")).matched()).isTrue();
  }

  @Test
  void emptyValueIsFineWhereItDoesNotIdentify() {
    RuleSet rules =
        rules(
            key("user_id").with(key("query").limit(perMinute(1))),
            key("path", "*").shareThreshold().limit(perMinute(2)),
            key("free"));
    assertThat(
            rules
                .match("api", Map.of("user_id", "42", "query", "", "path", "", "free", ""))
                .identifiers())
        .flatExtracting(IdentifierLimits::limits)
        .extracting(ApplicableLimit::stateKey)
        .containsExactly("api/user_id=42|query=#", "api/path=*|#");
    assertThat(rules.matchDescriptor("api", List.of(new Entry("path", ""))).identifiers())
        .hasSize(1);
  }

  @Test
  void explicitDescriptorMeetsOnlyTheNodeOfItsLastEntry() {
    RuleSet rules = rules(key("a").limit(perMinute(1)).with(key("b").limit(perMinute(2))));
    Entry a = new Entry("a", "1");
    Entry b = new Entry("b", "1");
    assertThat(descriptor(rules, a)).containsExactly(1L);
    assertThat(descriptor(rules, a, b)).containsExactly(2L);
    assertThat(descriptor(rules, a, b, b)).isEmpty();
    assertThat(descriptor(rules, b)).isEmpty();
    assertThat(descriptor(rules)).isEmpty();
  }

  @Test
  void eventNamesEveryIdentifierOfTheFirstLevelWhetherOrNotALimitApplies() {
    RuleSet rules =
        rules(
            key("user_id").with(key("endpoint").limit(perMinute(1))),
            key("plan").limit(perMinute(2).named("plan")),
            key("path", "/files/*").shareThreshold().limit(perMinute(3).replacing("plan")),
            key("ip", "10.*"),
            key("ip").limit(perMinute(4)));
    Map<String, String> attributes =
        Map.of("user_id", "42", "plan", "free", "path", "/files/a", "ip", "10.0.0.1", "no", "rule");

    Match match = rules.matchIdentifiers("api", attributes);

    assertThat(match.identifiers())
        .extracting(IdentifierLimits::identifier)
        .containsExactly(
            "api/user_id=42", "api/plan=free", "api/path=%2Ffiles%2F*", "api/ip=10.0.0.1");
    assertThat(match.identifiers())
        .extracting(each -> each.limits().size())
        .containsExactly(0, 0, 1, 0);
    assertThat(match.matched()).isTrue();
  }

  @Test
  void longValuesAreMatchedWholeAndToldByTheirHashInKeysOfStateWhereThatIsAskedFor() {
    String longest = "/files/" + "z".repeat(ValueHash.MAX_CHARS - 7);
    String longer = longest + "z";
    String exact = "/exact/" + "z".repeat(ValueHash.MAX_CHARS);
    RuleSet rules =
        rules(
            key("path", "/files/*").limit(perMinute(1)).with(key("user").limit(perMinute(2))),
            key("path", exact).limit(perMinute(3)),
            key("path", "/shared/*").shareThreshold().limit(perMinute(4)));

    assertThat(stateKeys(rules, Map.of("path", longest)))
        .containsExactly("api/path=%2Ffiles%2F" + "z".repeat(ValueHash.MAX_CHARS - 7) + "|#");
    assertThat(stateKeys(rules, Map.of("path", longer, "user", "u".repeat(200))))
        .containsExactly(
            "api/path=sha256-" + ValueHash.of(longer) + "|#",
            "api/path=sha256-"
                + ValueHash.of(longer)
                + "|user=sha256-"
                + ValueHash.of("u".repeat(200))
                + "#");
    assertThat(stateKeys(rules, Map.of("path", exact)))
        .as("what the rules spell out")
        .isEqualTo(
            List.of(
                rules.match("api", Map.of("path", exact)).identifiers().get(0).limits().get(0).key()
                    + ""));
    assertThat(stateKeys(rules, Map.of("path", "/shared/" + "z".repeat(200))))
        .containsExactly("api/path=%2Fshared%2F*|#");
    assertThat(rules.matchIdentifiers("api", Map.of("path", longer), true).identifiers())
        .extracting(IdentifierLimits::identifier)
        .containsExactly("api/path=sha256-" + ValueHash.of(longer));
    assertThat(rules.match("other", Map.of("path", longer), true).matched()).isFalse();
  }

  private static List<String> stateKeys(RuleSet rules, Map<String, String> attributes) {
    return rules.match("api", attributes, true).identifiers().stream()
        .flatMap(each -> each.limits().stream())
        .map(limit -> limit.key().toString())
        .toList();
  }

  @Test
  void eventThatNamesNobodyHasNoIdentifiers() {
    RuleSet rules = rules(key("user_id", "4*").limit(perMinute(1)));
    Match none = new Match(List.of(), false, 0);
    assertThat(rules.matchIdentifiers("api", Map.of("user_id", "7", "ip", "::1"))).isEqualTo(none);
    assertThat(rules.matchIdentifiers("web", Map.of("user_id", "42"))).isEqualTo(none);
  }

  @Test
  void emptyValueNamesNobodyWhateverTheLimit() {
    RuleSet rules = rules(key("user_id").shadow().limit(perMinute(1)), key("ip"));
    assertThatThrownBy(() -> rules.matchIdentifiers("api", Map.of("user_id", "")))
        .isInstanceOf(IdentifierException.class)
        .hasMessage(
            "attribute user_id is empty, which names nobody; send a value, or leave the attribute"
                + " out");
    assertThatThrownBy(() -> rules.matchIdentifiers("api", Map.of("user_id", "1", "ip", "")))
        .isInstanceOf(IdentifierException.class);
    RuleSet shared = rules(key("path", "*").shareThreshold().limit(perMinute(1)));
    assertThat(shared.matchIdentifiers("api", Map.of("path", "")).identifiers())
        .extracting(IdentifierLimits::identifier)
        .containsExactly("api/path=*");
  }

  @Test
  void modesComeFromTheNode() {
    RuleSet rules =
        rules(
            key("a").limit(perMinute(1)),
            key("b").shadow().limit(perMinute(1)),
            key("c").quota().limit(perMinute(1)),
            key("d").shadow().quota().limit(perMinute(1)));
    assertThat(rules.match("api", Map.of("a", "1", "b", "1", "c", "1", "d", "1")).identifiers())
        .flatExtracting(IdentifierLimits::limits)
        .extracting(ApplicableLimit::mode)
        .containsExactly(LimitMode.ENFORCED, LimitMode.SHADOW, LimitMode.QUOTA, LimitMode.SHADOW);
  }

  @Test
  void setsChangeByMakingAnother() {
    DomainRules api = DomainRules.of("api", key("a").limit(perMinute(1))).withRevision(7);
    DomainRules web = DomainRules.of("web", key("a").limit(perMinute(2)));
    RuleSet both = RuleSet.of(web).with(api);
    assertThat(both.domains()).containsExactly(api, web);
    assertThat(both.find("api")).contains(api);
    assertThat(both.match("api", Map.of("a", "1")).revision()).isEqualTo(7);
    assertThat(both.without("api").find("api")).isEmpty();
    assertThat(both.without("api").without("none").domains()).containsExactly(web);
  }

  private static RuleSet rules(DescriptorBuilder... descriptors) {
    return RuleSet.of(DomainRules.of("api", descriptors));
  }

  private static List<Long> descriptor(RuleSet rules, Entry... entries) {
    return requests(rules.matchDescriptor("api", List.of(entries)));
  }

  private static List<Long> requests(RuleSet rules, Map<String, String> attributes) {
    return requests(rules.match("api", attributes));
  }

  private static List<Long> requests(Match match) {
    return match.identifiers().stream()
        .flatMap(each -> each.limits().stream())
        .map(limit -> limit.limit().requests())
        .toList();
  }
}
