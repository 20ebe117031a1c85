package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Matching does what the slow obvious matcher does, for any rules and any request. */
class RuleSetProperties {
  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void eventMeetsExactlyTheLimitsOfTheReference(
      @ForAll("rules") DomainRules rules, @ForAll("attributes") Map<String, String> attributes) {
    RuleSet set = RuleSet.of(rules);
    ReferenceMatcher reference = new ReferenceMatcher(rules);
    if (reference.lacksIdentifier(attributes)) {
      assertThatThrownBy(() -> set.match(rules.domain(), attributes))
          .isInstanceOf(IdentifierException.class)
          .hasMessageContaining(" is empty, but rules of domain " + rules.domain());
      return;
    }
    Match match = set.match(rules.domain(), attributes);
    assertThat(limits(match)).containsExactlyElementsOf(reference.match(attributes).values());
    assertThat(match.matched()).isEqualTo(reference.meetsLimit(attributes));
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void eventNamesTheIdentifiersOfTheReferenceAndTheirLimits(
      @ForAll("rules") DomainRules rules, @ForAll("attributes") Map<String, String> attributes) {
    RuleSet set = RuleSet.of(rules);
    ReferenceMatcher reference = new ReferenceMatcher(rules);
    List<String> expected = reference.identifiers(attributes);
    if (expected.stream().anyMatch(identifier -> identifier.endsWith("="))) {
      assertThatThrownBy(() -> set.matchIdentifiers(rules.domain(), attributes))
          .isInstanceOf(IdentifierException.class)
          .hasMessageContaining(" is empty, which names nobody");
      return;
    }
    Match match = set.matchIdentifiers(rules.domain(), attributes);
    assertThat(match.identifiers())
        .extracting(IdentifierLimits::identifier)
        .containsExactlyElementsOf(expected);
    assertThat(limits(match)).containsExactlyElementsOf(reference.match(attributes).values());
    for (IdentifierLimits each : match.identifiers()) {
      assertThat(each.limits())
          .allMatch(limit -> limit.stateKey().startsWith(each.identifier() + "|"));
    }
    assertThat(match.matched()).isEqualTo(!expected.isEmpty());
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void explicitDescriptorsMeetExactlyTheLimitsOfTheReference(
      @ForAll("rules") DomainRules rules,
      @ForAll("descriptors") List<RequestedDescriptor> descriptors) {
    List<Match> matches = RuleSet.of(rules).matchDescriptors(rules.domain(), descriptors);
    List<Map<String, ApplicableLimit>> expected =
        new ReferenceMatcher(rules).matchDescriptors(descriptors);
    assertThat(matches).hasSameSizeAs(descriptors);
    for (int i = 0; i < matches.size(); i++) {
      assertThat(limits(matches.get(i))).containsExactlyElementsOf(expected.get(i).values());
    }
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void everyLimitStandsUnderItsIdentifierWhichCanBeRead(
      @ForAll("rules") DomainRules rules,
      @ForAll("descriptors") List<RequestedDescriptor> descriptors) {
    for (Match match : RuleSet.of(rules).matchDescriptors(rules.domain(), descriptors)) {
      for (IdentifierLimits each : match.identifiers()) {
        Identifier identifier = Identifiers.decode(each.identifier());
        assertThat(identifier.domain()).isEqualTo(rules.domain());
        assertThat(identifier.encoded()).isEqualTo(each.identifier());
        assertThat(each.limits())
            .isNotEmpty()
            .allSatisfy(
                limit -> {
                  assertThat(limit.stateKey()).startsWith(Identifiers.rowPrefix(each.identifier()));
                  assertThat(Identifiers.identifierOf(limit.stateKey()))
                      .isEqualTo(each.identifier());
                });
      }
    }
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void exactRuleThatIsAddedKeepsTheStateOfItsValue(
      @ForAll("attributes") Map<String, String> attributes) {
    if (attributes.values().stream().anyMatch(String::isEmpty)) {
      return;
    }
    attributes.forEach(
        (key, value) -> {
          DomainRules before =
              DomainRules.of("api", Descriptor.key(key).limit(RuleLimit.perMinute(5)));
          DomainRules after =
              DomainRules.of(
                  "api",
                  Descriptor.key(key).limit(RuleLimit.perMinute(5)),
                  Descriptor.key(key, value).limit(RuleLimit.perMinute(9)));
          assertThat(stateKeys(after, attributes)).isEqualTo(stateKeys(before, attributes));
        });
  }

  private static List<String> stateKeys(DomainRules rules, Map<String, String> attributes) {
    return limits(RuleSet.of(rules).match("api", attributes)).stream()
        .map(ApplicableLimit::stateKey)
        .toList();
  }

  private static List<ApplicableLimit> limits(Match match) {
    List<ApplicableLimit> limits = new ArrayList<>();
    match.identifiers().forEach(each -> limits.addAll(each.limits()));
    return limits;
  }

  @Provide
  Arbitrary<DomainRules> rules() {
    return RuleArbitraries.domainRules();
  }

  @Provide
  Arbitrary<Map<String, String>> attributes() {
    return RuleArbitraries.attributes();
  }

  @Provide
  Arbitrary<List<RequestedDescriptor>> descriptors() {
    return Combinators.combine(
            RuleArbitraries.entries().filter(entries -> !entries.isEmpty()),
            Arbitraries.longs().between(0, 3))
        .as((entries, cost) -> new RequestedDescriptor(entries, cost, Optional.empty()))
        .list()
        .ofMaxSize(4);
  }
}
