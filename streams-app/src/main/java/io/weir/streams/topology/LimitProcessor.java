package io.weir.streams.topology;

import io.weir.schemas.LimitCheck;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Judges re-keyed checks in the partition that holds their identifier's rows. One instance for each
 * task.
 *
 * <p>What arrives was written by {@link RequestProcessor}. A check that cannot be read is a fault
 * of this application, and dropping it would leave a request without a decision, so it fails the
 * task.
 */
final class LimitProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private final TopologyParts parts;
  private final LimitChecks checks;
  private final Deserializer<LimitCheck> deserializer;
  private ProcessorContext<byte[], byte[]> context;
  private CheckTaker judging;

  LimitProcessor(TopologyParts parts) {
    this.parts = parts;
    this.checks = new LimitChecks(parts.algorithms());
    this.deserializer = parts.serdes().checks().deserializer();
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    judging =
        new JudgeInPlace(
            new LimitJudge(context, parts.settings(), parts.metrics()),
            parts.decisionSender(context, TopologyNames.DECISIONS_SINK));
  }

  @Override
  public void close() {
    judging.close();
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    String topic = context.recordMetadata().map(RecordMetadata::topic).orElseThrow();
    judging.take(
        checks.fromRecord(deserializer.deserialize(topic, record.headers(), record.value())),
        record.timestamp());
  }
}
