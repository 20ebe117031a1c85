package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.SlidingWindowCounter;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.algorithm.TokenBucket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random rule trees and requests, from alphabets so small that they meet often. */
final class RuleArbitraries {
  private static final String[] KEYS = {"a", "b", "c", "a/b=", "é|#"};
  private static final String[] PATTERNS = {"", "x", "xy", "x*", "*", "*y", "x*y", "*x*", "a=b/%"};
  private static final String[] VALUES = {"x", "xy", "y", "xxy", "x*", "*", "a=b/%", "", "é|#~"};
  private static final String[] NAMES = {"", "", "n1", "n2", "n3"};

  private RuleArbitraries() {}

  static Arbitrary<DomainRules> domainRules() {
    return Combinators.combine(Arbitraries.of("api", "ä /"), descriptors(3))
        .as(
            (domain, descriptors) ->
                DomainRules.load(domain, Algorithms.standard(), descriptors).domains().get(0));
  }

  static Arbitrary<Map<String, String>> attributes() {
    return Arbitraries.maps(Arbitraries.of(KEYS), Arbitraries.of(VALUES)).ofMaxSize(4);
  }

  static Arbitrary<List<Entry>> entries() {
    return Combinators.combine(Arbitraries.of(KEYS), Arbitraries.of(VALUES))
        .as(Entry::new)
        .list()
        .ofMaxSize(4);
  }

  private static Arbitrary<List<DescriptorBuilder>> descriptors(int levels) {
    if (levels == 0) {
      return Arbitraries.just(List.of());
    }
    return descriptor(levels).list().ofMaxSize(5).map(RuleArbitraries::distinct);
  }

  private static List<DescriptorBuilder> distinct(List<DescriptorBuilder> descriptors) {
    Set<Entry> seen = new HashSet<>();
    List<DescriptorBuilder> distinct = new ArrayList<>();
    for (DescriptorBuilder each : descriptors) {
      if (seen.add(new Entry(each.key, each.value))) {
        distinct.add(each);
      }
    }
    return distinct;
  }

  private static Arbitrary<DescriptorBuilder> descriptor(int levels) {
    return Combinators.combine(
            Arbitraries.of(KEYS),
            Arbitraries.of(PATTERNS),
            limit(),
            limit(),
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 63),
            descriptors(levels - 1))
        .as(
            (key, pattern, first, second, limits, flags, children) -> {
              DescriptorBuilder descriptor = Descriptor.key(key, pattern).with(children);
              if (limits == 1) {
                descriptor.limit(first);
              } else if (limits == 2) {
                descriptor.limits(first.named("l1"), second.named("l/2"));
              } else if (limits > 2) {
                descriptor.limit(first.named(limits == 3 ? "" : "l1")).limits(second.named("l/2"));
              }
              return withFlags(descriptor, flags);
            });
  }

  private static DescriptorBuilder withFlags(DescriptorBuilder descriptor, int flags) {
    descriptor.shadow = (flags & 1) != 0;
    descriptor.quota = (flags & 2) != 0;
    descriptor.shareThreshold = (flags & 4) != 0 && descriptor.value.contains("*");
    descriptor.detailedMetric = (flags & 8) != 0;
    descriptor.valueToMetric = (flags & 16) != 0;
    if ((flags & 32) != 0) {
      descriptor.metadata(
          Metadata.ofJson(
              "{\"tier\":\"g: \\\"old\\\"\\n é \\u2028😀\",\"n\":[1,-2.5,true,null,{}],\"o\":{\"1\":\"y\"}}"));
    }
    return descriptor;
  }

  private static Arbitrary<RuleLimitBuilder> limit() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 6),
            Arbitraries.longs().between(0, 5_000),
            Arbitraries.of(RateUnit.class),
            Arbitraries.longs().between(1, 40),
            Arbitraries.of(NAMES),
            Arbitraries.of(NAMES),
            Arbitraries.of(OnError.values()).optional())
        .as(
            (kind, requests, unit, multiplier, name, replaced, onError) -> {
              RuleLimitBuilder limit =
                  kind == 0 ? RuleLimit.unlimited() : RuleLimit.per(requests, unit);
              if (!replaced.isEmpty() && !replaced.equals(name)) {
                limit.replacing(replaced);
              }
              if (kind == 0) {
                return limit.named(name);
              }
              onError.ifPresent(limit::onError);
              switch (kind) {
                case 1 -> limit.algorithm(new TokenBucket()).burst(1 + requests / 2);
                case 2 -> limit.algorithm(new LeakyBucket());
                case 3 -> limit.algorithm(new SlidingWindowLog());
                case 4 -> limit.algorithm(new SlidingWindowCounter());
                default -> limit.algorithm(new FixedWindow());
              }
              return limit.named(name).times(multiplier);
            });
  }
}
