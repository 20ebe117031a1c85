package io.weir.streams.cli.rules;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.KafkaFailures;
import io.weir.streams.cli.TopicReader;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.rules.RulesConverter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
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
    this.converter = new RulesConverter(algorithms(settings));
    this.serde = ValueSerdes.impatient(settings).forValues(io.weir.schemas.DomainRules.class);
  }

  /** Its name. */
  String name() {
    return topic;
  }

  /** A reader of rules files that knows what the application does. */
  public static RulesReader reader(Settings settings) {
    return new RulesReader(algorithms(settings));
  }

  private static Algorithms algorithms(Settings settings) {
    return Algorithms.standard(settings.get(WeirSettings.SLIDING_WINDOW_LOG_MAX_ENTRIES));
  }

  /**
   * The newest record of one domain.
   *
   * @param domain the record's key
   * @param rules the rules; empty where they make no sense, and so are not in force
   * @param problem why they make no sense
   * @param source where they came from, as told when they were written
   * @param revision the offset of the record
   * @param writtenAt when it was written
   */
  public record Entry(
      String domain,
      Optional<DomainRules> rules,
      Optional<String> problem,
      Optional<String> source,
      long revision,
      Instant writtenAt) {}

  /**
   * The newest record of each domain that has one.
   *
   * @throws CommandFailure if the topic or the registry cannot be read
   */
  public SortedMap<String, Entry> read() {
    SortedMap<String, Entry> entries = new TreeMap<>();
    Deserializer<io.weir.schemas.DomainRules> deserializer = serde.deserializer();
    try (TopicReader reader = TopicReader.open(settings.consumerProperties(), topic)) {
      reader.readToEnd(
          record -> {
            byte @Nullable [] key = record.key();
            if (key == null) {
              return;
            }
            String domain = new String(key, StandardCharsets.UTF_8);
            if (record.value() == null) {
              entries.remove(domain);
            } else {
              entries.put(domain, entry(domain, record, deserializer));
            }
          });
    }
    return entries;
  }

  /** Those of the rules that are in force, ready for matching. */
  public static RuleSet inForce(Collection<Entry> entries) {
    return RuleSet.of(entries.stream().flatMap(entry -> entry.rules().stream()).toList());
  }

  /**
   * Writes records, one for each domain, and waits until all replicas have them.
   *
   * @param rules the record of each domain; empty deletes the domain's rules
   * @return the offset of each domain's record
   * @throws CommandFailure if they cannot be written
   */
  public Map<String, Long> write(Map<String, Optional<io.weir.schemas.DomainRules>> rules) {
    Map<String, Long> offsets = new TreeMap<>();
    try (Producer<String, io.weir.schemas.@Nullable DomainRules> producer = producer()) {
      for (Map.Entry<String, Optional<io.weir.schemas.DomainRules>> domain : rules.entrySet()) {
        offsets.put(
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
    return offsets;
  }

  /** Rules as a record. */
  public io.weir.schemas.DomainRules toRecord(DomainRules rules, String source) {
    return converter.toRecord(rules, Optional.of(source));
  }

  private Entry entry(
      String domain,
      ConsumerRecord<byte @Nullable [], byte @Nullable []> record,
      Deserializer<io.weir.schemas.DomainRules> deserializer) {
    Optional<DomainRules> rules = Optional.empty();
    Optional<String> source = Optional.empty();
    Optional<String> problem = Optional.empty();
    try {
      io.weir.schemas.DomainRules value =
          deserializer.deserialize(topic, record.headers(), record.value());
      source = Optional.ofNullable(value.getSource());
      rules = Optional.of(converter.toRules(value, record.offset()));
    } catch (RulesException e) {
      problem = Optional.ofNullable(e.getMessage());
    } catch (RetriableException e) {
      throw KafkaFailures.explain(e);
    } catch (KafkaException e) {
      problem = Optional.of("the record cannot be read: " + e.getMessage());
    }
    return new Entry(
        domain, rules, problem, source, record.offset(), Instant.ofEpochMilli(record.timestamp()));
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
