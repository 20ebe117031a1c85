package io.weir.streams.cli.topics;

import io.weir.streams.cli.KafkaFailures;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics of a cluster, through an admin client that the caller owns. Every method waits for the
 * brokers, and throws {@link io.weir.streams.cli.CommandFailure} where they refuse.
 */
public final class ClusterTopics {
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final Admin admin;

  /** The topics that the client sees. */
  public ClusterTopics(Admin admin) {
    this.admin = admin;
  }

  /** Those of the topics that exist, by name, with their whole configuration. */
  public Map<String, TopicSpec> find(Collection<String> names) {
    Map<String, TopicDescription> descriptions = new HashMap<>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach(
            (name, future) ->
                description(name, future).ifPresent(it -> descriptions.put(name, it)));
    Map<ConfigResource, KafkaFuture<Config>> configs =
        admin
            .describeConfigs(descriptions.keySet().stream().map(ClusterTopics::resource).toList())
            .values();
    Map<String, TopicSpec> topics = new TreeMap<>();
    descriptions.forEach(
        (name, description) ->
            Optional.ofNullable(configs.get(resource(name)))
                .map(config -> get(config, "reading the configuration of " + name))
                .ifPresent(config -> topics.put(name, spec(description, config))));
    return topics;
  }

  /** Whether a topic exists; asks for less rights than {@link #find}. */
  public boolean exists(String topic) {
    return admin.describeTopics(List.of(topic)).topicNameValues().values().stream()
        .anyMatch(future -> description(topic, future).isPresent());
  }

  /** How many brokers the cluster has. */
  int brokers() {
    return get(admin.describeCluster().nodes(), "describing the cluster").size();
  }

  /** Creates a topic; returns when a broker knows of it, which is a moment later. */
  public void create(TopicSpec topic) {
    NewTopic newTopic = new NewTopic(topic.name(), topic.partitions(), (short) topic.replicas());
    get(
        admin.createTopics(List.of(newTopic.configs(topic.configMap()))).all(),
        "creating " + topic.name());
    long startNanos = System.nanoTime();
    while (!exists(topic.name()) && System.nanoTime() - startNanos < KNOWN_WITHIN.toNanos()) {
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  /** Adds partitions to a topic until it has so many. */
  public void addPartitions(String topic, int partitions) {
    get(
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all(),
        "adding partitions to " + topic);
  }

  /** Sets some of a topic's configuration, and leaves the rest as it is. */
  public void setConfigs(String topic, Map<String, String> configs) {
    List<AlterConfigOp> changes =
        configs.entrySet().stream()
            .map(
                config ->
                    new AlterConfigOp(
                        new ConfigEntry(config.getKey(), config.getValue()),
                        AlterConfigOp.OpType.SET))
            .toList();
    get(
        admin.incrementalAlterConfigs(Map.of(resource(topic), changes)).all(),
        "changing the configuration of " + topic);
  }

  private static TopicSpec spec(TopicDescription description, Config config) {
    SortedMap<String, String> configs = new TreeMap<>();
    config.entries().stream()
        .filter(entry -> entry.value() != null)
        .forEach(entry -> configs.put(entry.name(), entry.value()));
    int replicas =
        description.partitions().stream()
            .mapToInt(partition -> partition.replicas().size())
            .min()
            .orElse(0);
    return new TopicSpec(description.name(), description.partitions().size(), replicas, configs);
  }

  private static Optional<TopicDescription> description(
      String topic, KafkaFuture<TopicDescription> future) {
    try {
      return Optional.of(future.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw KafkaFailures.explain(e, "describing " + topic);
    } catch (InterruptedException e) {
      throw KafkaFailures.interrupted(e);
    }
  }

  private static <T> T get(KafkaFuture<T> future, String intent) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw KafkaFailures.explain(e, intent);
    } catch (InterruptedException e) {
      throw KafkaFailures.interrupted(e);
    }
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }
}
