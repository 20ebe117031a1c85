package io.weir.benchmarks.pipeline;

import io.weir.streams.store.LimitStoreBuilder;
import io.weir.streams.topology.WeirSerdes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes and deletes topics, and knows their sizes. */
final class BenchTopics {
  private final Admin admin;
  private final String bootstrapServers;

  BenchTopics(Admin admin, String bootstrapServers) {
    this.admin = admin;
    this.bootstrapServers = bootstrapServers;
  }

  /** Makes the rules topic, with the rules. */
  void loadRules(WeirSerdes serdes) {
    create(
        new NewTopic(BenchRules.TOPIC, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact")));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      Futures.get(producer.send(BenchRules.record(serdes)));
    }
  }

  /** Makes a topic. */
  void create(String name, int partitions) {
    create(new NewTopic(name, Optional.of(partitions), Optional.empty()));
  }

  /** Makes the topics of an application. */
  void createFor(AppSpec app) {
    app.ownTopics().forEach(topic -> create(topic, app.partitions()));
  }

  /** Makes the changelog of an application's limits as the application would. */
  void createChangelog(String name, int partitions) {
    create(
        new NewTopic(name, Optional.of(partitions), Optional.empty())
            .configs(LimitStoreBuilder.CHANGELOG_CONFIG));
  }

  /** Deletes a topic. */
  void delete(String name) {
    Futures.get(admin.deleteTopics(List.of(name)).all());
  }

  /** Deletes the topics of an application, internal ones too. */
  void deleteAllOf(String application) {
    List<String> names =
        Futures.get(admin.listTopics().names()).stream()
            .filter(
                name -> name.startsWith(application + ".") || name.startsWith(application + "-"))
            .toList();
    Futures.get(admin.deleteTopics(names).all());
  }

  /** Lets a group that nobody is in read a topic from its beginning again. */
  void rewind(String group, String topic, int partitions) {
    Set<TopicPartition> all =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .collect(Collectors.toSet());
    new GroupProgress(admin, group, topic).forget(all);
  }

  /** What a topic takes on the broker's disk, in bytes. */
  long bytesOnDisk(String topic) {
    return Futures.get(admin.describeLogDirs(List.of(1)).allDescriptions()).values().stream()
        .flatMap(dirs -> dirs.values().stream())
        .map(LogDirDescription::replicaInfos)
        .flatMap(replicas -> replicas.entrySet().stream())
        .filter(replica -> replica.getKey().topic().equals(topic))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }

  private void create(NewTopic topic) {
    Futures.get(admin.createTopics(List.of(topic)).all());
  }
}
