package io.weir.streams.cli.rules;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesException;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.RegistryFailures;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.serde.Surroundings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * What the records of the rules topic come to, one after the other: what an instance has in force
 * that starts now and reads the same. So a bad record is skipped, and leaves the domain's earlier
 * rules as they were. Not thread-safe.
 */
public final class RulesLog {
  private final RulesConverter converter;
  private final Deserializer<io.weir.schemas.DomainRules> deserializer;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private final List<Skipped> withoutDomain = new ArrayList<>();
  private final Map<String, Long> newest = new HashMap<>();

  RulesLog(RulesConverter converter, Deserializer<io.weir.schemas.DomainRules> deserializer) {
    this.converter = converter;
    this.deserializer = deserializer;
  }

  /**
   * Rules in force.
   *
   * @param rules the rules; their revision is the offset of their record
   * @param source where they came from, as told when they were written
   * @param writtenAt when they were written
   */
  public record InForce(DomainRules rules, Optional<String> source, Instant writtenAt) {}

  /**
   * A record that is skipped.
   *
   * @param problem what is wrong with it
   * @param offset where it is
   */
  public record Skipped(String problem, long offset) {}

  /**
   * What is there of one domain: rules, or a skipped record, or both.
   *
   * @param domain the domain
   * @param inForce its rules; empty where no good record is left
   * @param skipped the newest record of the domain, where that is skipped
   */
  public record Entry(String domain, Optional<InForce> inForce, Optional<Skipped> skipped) {

    /** The rules in force. */
    public Optional<DomainRules> rules() {
      return inForce.map(InForce::rules);
    }
  }

  /** The domains that have a record. */
  public SortedMap<String, Entry> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  /** The records that are skipped because they do not say which domain they are about. */
  public List<Skipped> withoutDomain() {
    return Collections.unmodifiableList(withoutDomain);
  }

  /** The offset of the newest record of a domain, whatever that holds; -1 where there is none. */
  long newestOffset(String domain) {
    return newest.getOrDefault(domain, -1L);
  }

  /** All rules in force, ready for matching. */
  public RuleSet inForce() {
    Collection<Entry> all = entries.values();
    return RuleSet.of(all.stream().flatMap(entry -> entry.rules().stream()).toList());
  }

  /**
   * Takes the next record.
   *
   * @throws CommandFailure if it cannot be told what it is, because the registry does not say
   */
  void add(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
    String domain;
    try {
      domain = RulesConverter.domainOf(record.key());
    } catch (RulesException e) {
      withoutDomain.add(skipped(e, record.offset()));
      return;
    }
    newest.put(domain, record.offset());
    if (record.value() == null) {
      entries.remove(domain);
      return;
    }
    Entry entry;
    try {
      entry = new Entry(domain, Optional.of(read(domain, record)), Optional.empty());
    } catch (RulesException e) {
      Optional<InForce> earlier = Optional.ofNullable(entries.get(domain)).flatMap(Entry::inForce);
      entry = new Entry(domain, earlier, Optional.of(skipped(e, record.offset())));
    }
    entries.put(domain, entry);
  }

  private InForce read(String domain, ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
    io.weir.schemas.@Nullable DomainRules value = decode(record);
    DomainRules rules = converter.inForce(domain, value, record.offset());
    return new InForce(
        rules,
        Optional.ofNullable(value).flatMap(read -> Optional.ofNullable(read.getSource())),
        Instant.ofEpochMilli(record.timestamp()));
  }

  private io.weir.schemas.@Nullable DomainRules decode(
      ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
    try {
      return deserializer.deserialize(record.topic(), record.headers(), record.value());
    } catch (RuntimeException e) {
      if (!Surroundings.areInnocentOf(e)) {
        throw RegistryFailures.ofSerde(e);
      }
      throw new RulesException("its value cannot be read: " + e.getMessage());
    }
  }

  private static Skipped skipped(RulesException e, long offset) {
    return new Skipped(String.join("; ", e.problems()), offset);
  }
}
