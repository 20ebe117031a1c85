package io.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.store.BoundedRocksDbConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsPropertiesTest {

  @Test
  void theDefaultsMakeAConfigurationThatKafkaStreamsAccepts() {
    StreamsConfig config = config(Map.of());

    assertThat(config.getString("application.id")).isEqualTo("weir");
    assertThat(config.getString("processing.guarantee")).isEqualTo("exactly_once_v2");
    assertThat(config.getLong("commit.interval.ms")).isEqualTo(100);
    assertThat(config.getInt("num.stream.threads")).isEqualTo(2);
    assertThat(config.getInt("num.standby.replicas")).isEqualTo(1);
    assertThat(config.getBoolean("ensure.explicit.internal.resource.naming")).isTrue();
    assertThat(config.getString("group.protocol")).isEqualTo("classic");
  }

  @Test
  void commitsAreSeldomWhereDecisionsDoNotWaitForThem() {
    Map<String, String> atLeastOnce = Map.of("processing.guarantee", "at_least_once");
    assertThat(config(atLeastOnce).getLong("commit.interval.ms")).isEqualTo(5_000);
    Map<String, String> given = new HashMap<>(atLeastOnce);
    given.put("commit.interval", "1s");
    assertThat(config(given).getLong("commit.interval.ms")).isEqualTo(1_000);
  }

  @Test
  void noPartitionWaitsForAnother() {
    assertThat(config(Map.of()).getLong("max.task.idle.ms")).isEqualTo(-1);
    assertThat(config(Map.of("kafka.max.task.idle.ms", "7")).getLong("max.task.idle.ms"))
        .isEqualTo(7);
  }

  @Test
  void stateIsNotKeptInATemporaryDirectory() {
    assertThat(config(Map.of()).getString("state.dir"))
        .startsWith(System.getProperty("user.home"))
        .doesNotStartWith(System.getProperty("java.io.tmpdir"));
  }

  @Test
  void onlyCommittedRequestsAreReadUnderBothGuarantees() {
    for (String guarantee : new String[] {"exactly_once_v2", "at_least_once"}) {
      StreamsConfig config = config(Map.of("processing.guarantee", guarantee));

      assertThat(config.getMainConsumerConfigs("group", "client", 0))
          .containsEntry("isolation.level", "read_committed")
          .containsEntry("auto.offset.reset", "earliest");
      assertThat(config.getGlobalConsumerConfigs("client"))
          .containsEntry("isolation.level", "read_committed");
      assertThat(config.getProducerConfigs("client")).containsEntry("acks", "all");
    }
  }

  @Test
  void aLostInstanceIsNoticedSoonerThanByKafkasDefault() {
    assertThat(config(Map.of()).getMainConsumerConfigs("group", "client", 0))
        .containsEntry("session.timeout.ms", "10000");
  }

  @Test
  void whatTheUserSetsWinsOverOurDefaultUnderEveryPrefix() {
    for (String name :
        new String[] {
          "kafka.session.timeout.ms",
          "kafka.consumer.session.timeout.ms",
          "kafka.main.consumer.session.timeout.ms"
        }) {
      assertThat(config(Map.of(name, "20000")).getMainConsumerConfigs("group", "client", 0))
          .as(name)
          .containsEntry("session.timeout.ms", "20000");
    }
    for (String name : new String[] {"kafka.linger.ms", "kafka.producer.linger.ms"}) {
      assertThat(config(Map.of(name, "0")).getProducerConfigs("client"))
          .as(name)
          .containsEntry("linger.ms", "0");
    }
  }

  @Test
  void propertiesOfKafkaStreamsItselfPassThrough() {
    assertThat(config(Map.of("kafka.max.task.idle.ms", "5")).getLong("max.task.idle.ms"))
        .isEqualTo(5);
    assertThat(
            SettingsLoader.of(Map.of("kafka.topic.min.insync.replicas", "2"))
                .streamsProperties(TopicReplication.SINGLE))
        .containsEntry("topic.min.insync.replicas", "2");
  }

  @Test
  void allStoresShareOneMemoryBound() {
    assertThat(
            SettingsLoader.of(
                    Map.of("rocksdb.block.cache", "8MiB", "rocksdb.write.buffers", "4MiB"))
                .streamsProperties(TopicReplication.SINGLE))
        .containsEntry("rocksdb.config.setter", BoundedRocksDbConfig.class.getName())
        .containsEntry(BoundedRocksDbConfig.BLOCK_CACHE_BYTES, 8L << 20)
        .containsEntry(BoundedRocksDbConfig.WRITE_BUFFERS_BYTES, 4L << 20);
  }

  @Test
  void internalTopicsAreKeptAsOftenAsTheRequests() {
    assertThat(replicated(Map.of(), new TopicReplication(3, 2)))
        .containsEntry("replication.factor", 3)
        .containsEntry("topic.min.insync.replicas", "2");
    assertThat(
            new StreamsConfig(replicated(Map.of(), new TopicReplication(3, 2)))
                .getInt("replication.factor"))
        .isEqualTo(3);
  }

  @Test
  void whatTheUserSaysOfInternalTopicsWins() {
    assertThat(
            replicated(
                Map.of(
                    "kafka.replication.factor", "4",
                    "kafka.topic.min.insync.replicas", "3"),
                new TopicReplication(3, 2)))
        .containsEntry("replication.factor", "4")
        .containsEntry("topic.min.insync.replicas", "3");
  }

  @Test
  void noMoreReplicasMustBeInSyncThanThereAre() {
    assertThat(replicated(Map.of("kafka.replication.factor", " 1 "), new TopicReplication(3, 2)))
        .containsEntry("topic.min.insync.replicas", "1");
    assertThat(replicated(Map.of("kafka.replication.factor", "-1"), new TopicReplication(3, 2)))
        .doesNotContainKey("topic.min.insync.replicas");
  }

  private static Map<String, Object> replicated(
      Map<String, String> settings, TopicReplication requests) {
    return SettingsLoader.of(settings).streamsProperties(requests);
  }

  private static StreamsConfig config(Map<String, String> settings) {
    return new StreamsConfig(
        new HashMap<>(SettingsLoader.of(settings).streamsProperties(TopicReplication.SINGLE)));
  }
}
