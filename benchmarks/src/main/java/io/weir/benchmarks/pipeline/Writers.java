package io.weir.benchmarks.pipeline;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.topology.WeirSerdes;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleConsumer;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/** Writes what must be on the topics before a run. */
final class Writers {
  private static final int REQUESTS_PER_MILLI = 100;
  private static final int BETWEEN_WORDS = 10_000;

  private final WeirSerdes serdes;
  private final DoubleConsumer told;

  /**
   * Writers.
   *
   * @param told is told how far it is, from 0 to 1
   */
  Writers(WeirSerdes serdes, DoubleConsumer told) {
    this.serdes = serdes;
    this.told = told;
  }

  /** Writes requests. */
  void write(Task.WriteRequests task) {
    RequestFactory requests = new RequestFactory(serdes, task.topic(), task.shape());
    IntSupplier numbers = task.spread().numbers(task.seed());
    send(
        task.bootstrapServers(),
        task.count(),
        i ->
            requests.request(
                "r-" + i, numbers.getAsInt(), task.startMillis() + i / REQUESTS_PER_MILLI));
  }

  /** Writes rows. */
  void write(Task.WriteRows task) {
    RuleSet rules = BenchRules.ruleSet();
    Match.IdentifierLimits first = limits(rules, 0);
    var limit = first.limits().get(0).limit();
    byte[] row =
        new StoredLimitCodec(Algorithms.standard())
            .encode(
                new StoredLimit(
                    limit, new TokenBucketState(limit.unitsPerToken(), task.lastMillis())));
    send(
        task.bootstrapServers(),
        task.count(),
        i -> {
          Match.IdentifierLimits limits = limits(rules, i);
          byte[] identifier = limits.identifierText().bytes();
          return new ProducerRecord<>(
              task.topic(),
              // Where the identifier's requests are: the row's own key would be placed elsewhere.
              Utils.toPositive(Utils.murmur2(identifier)) % task.partitions(),
              task.lastMillis(),
              limits.limits().get(0).key().bytes(),
              row);
        });
  }

  private static Match.IdentifierLimits limits(RuleSet rules, int number) {
    return rules.match(BenchRules.DOMAIN, Map.of("user_id", number + "-idle")).identifiers().get(0);
  }

  private void send(
      String bootstrapServers, int count, IntFunction<ProducerRecord<byte[], byte[]>> records) {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.LINGER_MS_CONFIG,
                "20",
                ProducerConfig.BATCH_SIZE_CONFIG,
                "131072"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        var unused =
            producer.send(
                records.apply(i),
                (metadata, thrown) -> {
                  if (thrown != null) {
                    failures.add(String.valueOf(thrown));
                  }
                });
        if (i % BETWEEN_WORDS == 0) {
          told.accept((double) i / count);
        }
      }
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("not all could be written: " + failures.peek());
    }
  }
}
