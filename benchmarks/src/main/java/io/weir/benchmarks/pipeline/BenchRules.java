package io.weir.benchmarks.pipeline;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.topology.WeirSerdes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The rules of a bench. They admit so much that everything is admitted, which is the dearest case:
 * a denied request writes nothing.
 */
final class BenchRules {
  static final String TOPIC = "rules";
  static final String DOMAIN = "api";

  private static final String YAML =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 1000000}
        - key: ip
          rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 1000000}
      """;

  private BenchRules() {}

  /** The rules, ready for matching. */
  static RuleSet ruleSet() {
    return RuleSet.of(rules());
  }

  /** The record that puts them in force. */
  static ProducerRecord<byte[], byte[]> record(WeirSerdes serdes) {
    return new ProducerRecord<>(
        TOPIC,
        DOMAIN.getBytes(StandardCharsets.UTF_8),
        serdes
            .rules()
            .serializer()
            .serialize(
                TOPIC,
                new RulesConverter(Algorithms.standard()).toRecord(rules(), Optional.empty())));
  }

  private static DomainRules rules() {
    return new RulesReader(Algorithms.standard()).read("bench.yaml", YAML);
  }
}
