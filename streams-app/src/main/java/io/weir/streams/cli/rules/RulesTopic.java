package io.weir.streams.cli.rules;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.KafkaFailures;
import io.weir.streams.cli.TopicReader;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.rules.RulesConverter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The rules topic: what is in force, and changes to it. Not thread-safe. */
public final class RulesTopic {
  private final Settings settings;
  private final String topic;
  private final RulesConverter converter;
  private final Serde<io.weir.schemas.DomainRules> serde;

  /**
   * The topic that the settings name.
   *
   * @throws CommandFailure if the settings of the registry are wrong
   */
  public RulesTopic(Settings settings) {
    this.settings = settings;
    this.topic = settings.get(WeirSettings.TOPIC_RULES);
    // As the application reads it: what is on the topic stays in force when the setting is lowered.
    this.converter = new RulesConverter(Algorithms.standard(SlidingWindowLog.LARGEST_MAX_ENTRIES));
    this.serde = ValueSerdes.impatient(settings).forValues(io.weir.schemas.DomainRules.class);
  }

  /** Its name. */
  String name() {
    return topic;
  }

  /** A reader of rules files that refuses longer logs than the settings allow. */
  public static RulesReader reader(Settings settings) {
    return new RulesReader(
        Algorithms.standard(settings.get(WeirSettings.SLIDING_WINDOW_LOG_MAX_ENTRIES)));
  }

  /**
   * What its records come to.
   *
   * @throws CommandFailure if the topic or the registry cannot be read
   */
  public RulesLog read() {
    RulesLog log = new RulesLog(converter, serde.deserializer());
    try (TopicReader reader = TopicReader.open(settings.consumerProperties(), topic)) {
      reader.readToEnd(log::add);
    }
    return log;
  }

  /**
   * The offsets of all records of some domains, whatever they hold.
   *
   * @throws CommandFailure if the topic cannot be read
   */
  Map<String, SortedSet<Long>> offsets(Set<String> domains) {
    Map<String, SortedSet<Long>> offsets = new TreeMap<>();
    try (TopicReader reader = TopicReader.open(settings.consumerProperties(), topic)) {
      reader.readToEnd(
          record -> {
            if (record.key() != null) {
              String domain = RulesConverter.domainOf(record.key());
              if (domains.contains(domain)) {
                offsets.computeIfAbsent(domain, key -> new TreeSet<>()).add(record.offset());
              }
            }
          });
    }
    return offsets;
  }

  /**
   * Writes records, one for each domain in their order, and waits until all replicas have each.
   *
   * @param rules the record of each domain; empty deletes the domain's rules
   * @param written is told each domain and the offset of its record, once that is safe
   * @throws CommandFailure if one cannot be written; those after it are not, either
   */
  public void write(
      SortedMap<String, Optional<io.weir.schemas.DomainRules>> rules,
      ObjLongConsumer<String> written) {
    try (Producer<String, io.weir.schemas.@Nullable DomainRules> producer = producer()) {
      for (Map.Entry<String, Optional<io.weir.schemas.DomainRules>> domain : rules.entrySet()) {
        written.accept(
            domain.getKey(),
            producer
                .send(new ProducerRecord<>(topic, domain.getKey(), domain.getValue().orElse(null)))
                .get()
                .offset());
      }
    } catch (KafkaException | ExecutionException e) {
      throw KafkaFailures.explain(e);
    } catch (InterruptedException e) {
      throw KafkaFailures.interrupted(e);
    }
  }

  /** Rules as a record. */
  public io.weir.schemas.DomainRules toRecord(DomainRules rules, String source) {
    return converter.toRecord(rules, Optional.of(source));
  }

  private Producer<String, io.weir.schemas.@Nullable DomainRules> producer() {
    Map<String, Object> properties = new HashMap<>();
    // A person waits: Kafka's own patience is a minute to find the topic, and two to deliver.
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000");
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
    properties.putAll(settings.producerProperties());
    Serializer<io.weir.schemas.DomainRules> serializer = serde.serializer();
    return new KafkaProducer<>(properties, new StringSerializer(), serializer);
  }
}
