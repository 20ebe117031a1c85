package io.weir.streams.topology;

import io.weir.limiter.algorithm.Algorithms;
import java.time.InstantSource;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What the processors are made of, shared by all tasks of the process: each part is thread-safe.
 *
 * @param settings what can be set
 * @param serdes the serdes of the topics
 * @param algorithms the algorithms that rules can name
 * @param rules the rules in force; filled by the topology
 * @param metrics what is counted
 * @param clock the wall clock, by which timestamps are refused that lie too far ahead
 * @param registryRetry the pause between attempts to read a rules record while the registry is down
 */
public record TopologyParts(
    TopologySettings settings,
    WeirSerdes serdes,
    Algorithms algorithms,
    RulesView rules,
    TopologyMetrics metrics,
    InstantSource clock,
    RetryPause registryRetry) {

  DecisionSender decisionSender(ProcessorContext<byte[], byte[]> context, String sink) {
    return new DecisionSender(
        context, sink, settings.topics().decisions(), serdes.decisions().serializer(), metrics);
  }
}
