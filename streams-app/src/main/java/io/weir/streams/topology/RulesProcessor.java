package io.weir.streams.topology;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesException;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.serde.Surroundings;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads records of the rules topic into the {@link RulesView}. Runs on the global thread, at start
 * for every record of the topic, and before any request is judged.
 *
 * <p>A bad record is reported and skipped, and the domain's rules stay as they were: it must stop
 * neither the start nor the judging. Only a restart after the topic was compacted finds no earlier
 * rules, so the report asks for a correction. While the registry is down nobody can tell good from
 * bad, and judging without the rules would let everything through, so this waits.
 */
final class RulesProcessor implements Processor<byte[], byte[], Void, Void> {
  private static final Logger LOG = LoggerFactory.getLogger(RulesProcessor.class);

  private final TopologyParts parts;
  private final RulesConverter converter;
  private ProcessorContext<Void, Void> context;
  private KeyValueStore<Bytes, byte[]> store;

  RulesProcessor(TopologyParts parts) {
    this.parts = parts;
    this.converter = new RulesConverter(parts.algorithms());
  }

  @Override
  public void init(ProcessorContext<Void, Void> newContext) {
    context = newContext;
    store = context.getStateStore(TopologyNames.RULES_STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata source = context.recordMetadata().orElseThrow();
    try {
      load(record, source);
      parts.metrics().rulesLoaded();
    } catch (RulesException e) {
      parts.metrics().rulesRejected();
      LOG.error(
          "The rules record at {}-{} offset {} is skipped: {}. The domain's rules stay as they were,"
              + " but an instance that starts once the topic was compacted has none; apply correct"
              + " rules.",
          source.topic(),
          source.partition(),
          source.offset(),
          String.join("; ", e.problems()));
    }
  }

  private void load(Record<byte[], byte[]> record, RecordMetadata source) {
    byte[] key = record.key();
    String domain = RulesConverter.domainOf(key);
    if (record.value() == null) {
      parts.rules().remove(domain);
      store.delete(Bytes.wrap(key));
      LOG.info("Domain {}: rules deleted", domain);
      return;
    }
    DomainRules rules = converter.inForce(domain, decode(record, source), source.offset());
    parts.rules().put(rules);
    store.put(Bytes.wrap(key), record.value());
    LOG.info("Domain {}: rules of revision {} are in force", domain, source.offset());
  }

  private io.weir.schemas.@Nullable DomainRules decode(
      Record<byte[], byte[]> record, RecordMetadata source) {
    for (int attempt = 1; ; attempt++) {
      try {
        return Records.read(parts.serdes().rules(), source.topic(), record);
      } catch (RuntimeException e) {
        if (Surroundings.areInnocentOf(e)) {
          throw new RulesException("its value cannot be read: " + e.getMessage());
        }
        parts.registryRetry().pause(attempt);
        LOG.warn(
            "The rules record at {}-{} offset {} could not be read, trying again: {}",
            source.topic(),
            source.partition(),
            source.offset(),
            e.getMessage());
      }
    }
  }
}
