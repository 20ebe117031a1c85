package io.weir.streams.cli.topics;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
  private static final String MIN_IN_SYNC = "min.insync.replicas";

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
        MIN_IN_SYNC,
        (name, value) -> String.valueOf(Math.min(newReplicas, Integer.parseInt(value))));
    return new TopicSpec(name, partitions, newReplicas, newConfigs);
  }

  /** The configuration as a map that Kafka's admin client takes. */
  Map<String, String> configMap() {
    return new TreeMap<>(configs);
  }
}
