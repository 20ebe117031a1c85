package io.weir.streams.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DescriptorBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RateUnit;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleLimitBuilder;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.rule.RulesWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Nothing is lost on the way from a file to the topic and back. */
class RulesConverterProperties {
  private static final List<String> ALGORITHMS = List.copyOf(Algorithms.standard().names());

  private final RulesConverter converter = new RulesConverter(Algorithms.standard());

  @Property(tries = 300)
  void fileToTopicAndBackLosesNothing(@ForAll Random random, @ForAll long revision) {
    String yaml = new RulesWriter().write(DomainRules.of("api", descriptors(random, 3)));
    DomainRules rules = RulesReader.standard().read("rules.yaml", yaml).withRevision(revision);
    io.weir.schemas.DomainRules record = converter.toRecord(rules, Optional.empty());
    assertThat(converter.toRules(record, revision)).isEqualTo(rules);
  }

  private static List<DescriptorBuilder> descriptors(Random random, int levels) {
    Map<String, DescriptorBuilder> distinct = new LinkedHashMap<>();
    int count = levels == 0 ? 0 : random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String key = "key" + random.nextInt(3);
      String value = List.of("", "v", "v*", "*: \"x\"\n").get(random.nextInt(4));
      distinct.put(key + "=" + value, descriptor(random, key, value, levels));
    }
    return new ArrayList<>(distinct.values());
  }

  private static DescriptorBuilder descriptor(Random random, String key, String value, int levels) {
    DescriptorBuilder descriptor = Descriptor.key(key, value);
    switch (random.nextInt(3)) {
      case 0 -> descriptor.limit(limit(random));
      case 1 -> descriptor.limits(limit(random).named("a"), limit(random).named("b"));
      default -> descriptor.metadata("{\"tier\":[" + random.nextInt(9) + ",{\"a\":null}]}");
    }
    if (random.nextBoolean()) {
      descriptor.shadow().detailedMetric();
    }
    if (random.nextBoolean()) {
      descriptor.quota().valueToMetric();
    }
    if (value.contains("*") && random.nextBoolean()) {
      descriptor.shareThreshold();
    }
    return descriptor.with(descriptors(random, levels - 1));
  }

  private static RuleLimitBuilder limit(Random random) {
    if (random.nextInt(4) == 0) {
      return RuleLimit.unlimited().replacing("c");
    }
    String algorithm = ALGORITHMS.get(random.nextInt(ALGORITHMS.size()));
    RateUnit unit = pick(random, RateUnit.values());
    RuleLimitBuilder limit =
        RuleLimit.per(random.nextInt(9_000), unit)
            .algorithm(algorithm)
            .times(1 + random.nextInt(50));
    if (algorithm.endsWith("_bucket")) {
      limit.burst(1 + random.nextInt(100));
    }
    if (random.nextBoolean()) {
      limit.onError(pick(random, OnError.values()));
    }
    return limit;
  }

  private static <T> T pick(Random random, T[] all) {
    return all[random.nextInt(all.length)];
  }
}
