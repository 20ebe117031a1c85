package io.weir.streams.topology;

import io.weir.streams.rules.RulesConverter;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Loads records of the rules topic into the {@link RulesView}, as {@link RulesLoader} does. Runs on
 * the global thread, at start for every record of the topic, and before any request is judged.
 */
final class RulesProcessor implements Processor<byte[], byte[], Void, Void> {
  private final RulesView rules;
  private final RulesLoader loader;
  private ProcessorContext<Void, Void> context;
  private KeyValueStore<Bytes, byte[]> store;

  RulesProcessor(TopologyParts parts) {
    this.rules = parts.rules();
    this.loader =
        new RulesLoader(
            parts.serdes().rules(),
            new RulesConverter(parts.algorithms()),
            parts.metrics().rules(),
            parts.registryRetry());
  }

  @Override
  public void init(ProcessorContext<Void, Void> newContext) {
    context = newContext;
    store = context.getStateStore(TopologyNames.RULES_STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata source = context.recordMetadata().orElseThrow();
    if (!loader.load(asRead(record, source), rules)) {
      return;
    }
    if (record.value() == null) {
      store.delete(Bytes.wrap(record.key()));
    } else {
      store.put(Bytes.wrap(record.key()), record.value());
    }
  }

  private static ConsumerRecord<byte @Nullable [], byte @Nullable []> asRead(
      Record<byte[], byte[]> record, RecordMetadata source) {
    return new ConsumerRecord<>(
        source.topic(),
        source.partition(),
        source.offset(),
        record.timestamp(),
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        record.key(),
        record.value(),
        record.headers(),
        Optional.empty());
  }
}
