package io.weir.streams.topology;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.streams.store.Duplicates;
import io.weir.streams.store.ExpiryShares;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What the processors are made of, shared by all tasks of the process: each part is thread-safe.
 *
 * @param settings what can be set
 * @param serdes the serdes of the topics
 * @param algorithms the algorithms that rules can name
 * @param rules the rules in force; filled by the topology
 * @param metrics what is counted
 * @param expiryShares what the expiry of all tasks has in common
 * @param clock the wall clock, by which timestamps are refused that lie too far ahead
 * @param registryRetry the pause between attempts to read a rules record while the registry is down
 * @param sharedState what requests are judged by in place of rows that the tasks keep; empty where
 *     they keep them
 */
public record TopologyParts(
    TopologySettings settings,
    WeirSerdes serdes,
    Algorithms algorithms,
    RulesView rules,
    TopologyMetrics metrics,
    ExpiryShares expiryShares,
    InstantSource clock,
    RetryPause registryRetry,
    Optional<SharedState> sharedState) {

  /** Parts of a topology that keeps its rows itself. */
  public TopologyParts(
      TopologySettings settings,
      WeirSerdes serdes,
      Algorithms algorithms,
      RulesView rules,
      TopologyMetrics metrics,
      ExpiryShares expiryShares,
      InstantSource clock,
      RetryPause registryRetry) {
    this(
        settings,
        serdes,
        algorithms,
        rules,
        metrics,
        expiryShares,
        clock,
        registryRetry,
        Optional.empty());
  }

  /** These parts with state that others share. */
  public TopologyParts with(SharedState newSharedState) {
    return new TopologyParts(
        settings,
        serdes,
        algorithms,
        rules,
        metrics,
        expiryShares,
        clock,
        registryRetry,
        Optional.of(newSharedState));
  }

  DecisionSender decisionSender(ProcessorContext<byte[], byte[]> context, String sink) {
    return new DecisionSender(context, sink, settings.topics().decisions(), serdes, metrics);
  }

  /** What a store of the task remembers of requests, where duplicates are found. */
  Optional<Duplicates> duplicates(ProcessorContext<byte[], byte[]> context, String store) {
    return settings
        .duplicates()
        .map(
            bounds ->
                new Duplicates(context.getStateStore(store), bounds, metrics::duplicateForgotten));
  }

  /** What decides requests with one identifier in a task. */
  SingleRequests singleRequests(
      ProcessorContext<byte[], byte[]> context, DecisionSender decisions) {
    return new SingleRequests(
        new LimitJudge(context, settings),
        decisions,
        duplicates(context, TopologyNames.DUPLICATES_STORE),
        context::currentStreamTimeMs);
  }
}
