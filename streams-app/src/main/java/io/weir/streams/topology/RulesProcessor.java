package io.weir.streams.topology;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;

final class RulesProcessor implements Processor<byte[], byte[], Void, Void> {
  RulesProcessor(TopologyParts parts) {}

  @Override
  public void process(Record<byte[], byte[]> record) {}
}
