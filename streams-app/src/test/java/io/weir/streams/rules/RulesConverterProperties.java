package io.weir.streams.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.rule.RulesWriter;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Nothing is lost on the way from a file to the topic and back. */
class RulesConverterProperties {
  private final RulesConverter converter = new RulesConverter(Algorithms.standard());

  @Property(tries = 300)
  void fileToTopicAndBackLosesNothing(@ForAll Random random, @ForAll long revision) {
    String yaml = new RulesWriter().write(new RandomRules(random).rules());
    RulesFile file = new RulesFile("rules.yaml", yaml);
    DomainRules rules =
        RulesReader.standard().read(List.of(file)).domains().get(0).withRevision(revision);
    io.weir.schemas.DomainRules record = converter.toRecord(rules, Optional.empty());
    assertThat(converter.toRules(record, revision)).isEqualTo(rules);
  }
}
