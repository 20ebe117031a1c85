package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written reads back equal. */
class RulesWriterProperties {
  private final RulesReader reader = RulesReader.standard();
  private final RulesWriter writer = new RulesWriter();

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void writtenRulesReadBackEqual(@ForAll("rules") DomainRules rules) {
    assertThat(read(writer.write(rules))).isEqualTo(rules);
  }

  @Property(tries = 300)
  void anyTextSurvives(@ForAll String key, @ForAll String value, @ForAll String name) {
    if (!isText(key) || !isText(value) || !isText(name) || key.isEmpty()) {
      return;
    }
    DomainRules rules =
        DomainRules.of(
            key,
            Descriptor.key(key, value)
                .limits(List.of(RuleLimit.perHour(1).named("n" + name).replacing("r" + name))));
    assertThat(read(writer.write(rules))).isEqualTo(rules);
  }

  private static boolean isText(String text) {
    return text.chars().noneMatch(each -> Character.isSurrogate((char) each));
  }

  @Provide
  Arbitrary<DomainRules> rules() {
    return RuleArbitraries.domainRules();
  }

  /** Random rules are odd; nobody is to be warned of them. */
  private DomainRules read(String yaml) {
    return reader.read(List.of(new RulesFile("rules.yaml", yaml))).domains().get(0);
  }
}
