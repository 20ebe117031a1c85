package io.weir.streams.cli.topics;

import io.weir.streams.config.TopicReplication;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic, as it is declared or as it is. Immutable.
 *
 * @param name the topic's name
 * @param partitions its partitions, 1 or more
 * @param replicas replicas of each partition, 1 or more
 * @param configs its configuration: where declared, what matters; where it is, all of it
 */
public record TopicSpec(
    String name, int partitions, int replicas, SortedMap<String, String> configs) {

  /** Copies the configuration. */
  public TopicSpec {
    configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
  }

  /**
   * The same topic with another number of replicas, for a cluster of fewer brokers; where that is
   * below {@code min.insync.replicas}, this is lowered too, or nobody could write.
   */
  public TopicSpec withReplicas(int newReplicas) {
    SortedMap<String, String> newConfigs = new TreeMap<>(configs);
    newConfigs.computeIfPresent(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
        (name, value) -> String.valueOf(Math.min(newReplicas, Integer.parseInt(value))));
    return new TopicSpec(name, partitions, newReplicas, newConfigs);
  }

  /** The same topic under another name. */
  TopicSpec withName(String newName) {
    return new TopicSpec(newName, partitions, replicas, configs);
  }

  /**
   * How often its records are kept. Where the configuration does not say how many copies must have
   * a record, one must, as by Kafka's own default.
   */
  public TopicReplication replication() {
    return new TopicReplication(
        replicas,
        Integer.parseInt(configs.getOrDefault(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1")));
  }

  /** The configuration as a map that Kafka's admin client takes. */
  Map<String, String> configMap() {
    return new TreeMap<>(configs);
  }
}
