package io.weir.streams.config;

import io.weir.streams.store.BoundedRocksDbConfig;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The configuration of Kafka Streams that Weir's settings come to.
 *
 * @param settings Weir's settings
 * @param kafka what was passed through
 * @param requests how often the records of the requests topic are kept
 */
record StreamsProperties(Settings settings, KafkaProperties kafka, TopicReplication requests) {
  /** What Kafka Streams sets under exactly-once. */
  static final long DEFAULT_TRANSACTION_TIMEOUT_MILLIS = 10_000;

  /** The configuration, ready for {@link StreamsConfig}. */
  Map<String, Object> build() {
    Map<String, Object> properties = new TreeMap<>(kafka.given());
    addOwnSettings(properties);
    addGuarantees(properties);
    addDefaults(properties);
    addReplication(properties);
    return properties;
  }

  private void addOwnSettings(Map<String, Object> properties) {
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.get(WeirSettings.APPLICATION_ID));
    properties.put(
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get(WeirSettings.BOOTSTRAP_SERVERS));
    properties.put(
        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
        switch (settings.get(WeirSettings.PROCESSING_GUARANTEE)) {
          case EXACTLY_ONCE_V2 -> StreamsConfig.EXACTLY_ONCE_V2;
          case AT_LEAST_ONCE -> StreamsConfig.AT_LEAST_ONCE;
        });
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        settings
            .get(WeirSettings.COMMIT_INTERVAL)
            .orElse(settings.get(WeirSettings.PROCESSING_GUARANTEE).commitInterval())
            .toMillis());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.get(WeirSettings.THREADS));
    properties.put(
        StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.get(WeirSettings.STANDBY_REPLICAS));
    properties.put(
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDbConfig.class.getName());
    properties.put(
        BoundedRocksDbConfig.BLOCK_CACHE_BYTES, settings.get(WeirSettings.ROCKSDB_BLOCK_CACHE));
    properties.put(
        BoundedRocksDbConfig.WRITE_BUFFERS_BYTES, settings.get(WeirSettings.ROCKSDB_WRITE_BUFFERS));
    properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.get(WeirSettings.STATE_DIR).toString());
  }

  @SuppressWarnings("deprecation") // Needed until Kafka 5, where it is the default.
  private static void addGuarantees(Map<String, Object> properties) {
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
    // Without it an application that runs at_least_once would judge requests of aborted
    // transactions.
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
  }

  /** Where Kafka's own default serves a rate limiter badly, and nobody said otherwise. */
  private void addDefaults(Map<String, Object> properties) {
    // A killed instance's partitions wait this long for another one; Kafka's default is 45 s.
    addDefault(
        properties,
        StreamsConfig.CONSUMER_PREFIX,
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        "10000");
    KafkaProperties.PRODUCER_DEFAULTS.forEach(
        (name, value) -> addDefault(properties, StreamsConfig.PRODUCER_PREFIX, name, value));
    if (settings.get(WeirSettings.STATE) == StatePlace.REDIS) {
      // A decision that Redis gives while there is no request must not wait for one. Kafka's
      // default is 100 ms.
      addDefault(properties, "", StreamsConfig.POLL_MS_CONFIG, "5");
    }
    // A task reads releases, too, which are few. With Kafka's default of 0 it asks before each
    // record
    // how far behind it is with them, which takes a sixth of the thread's time. What that is for,
    // reading partitions in the order of time, Weir does not need: releases have none.
    addDefault(
        properties,
        "",
        StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
        String.valueOf(StreamsConfig.MAX_TASK_IDLE_MS_DISABLED));
  }

  /**
   * Kafka's default is that of the broker, one replica on a stock broker: losing it would lose the
   * state and the checks under way, beside requests that are kept three times.
   */
  private void addReplication(Map<String, Object> properties) {
    properties.putIfAbsent(StreamsConfig.REPLICATION_FACTOR_CONFIG, requests.replicas());
    int replicas =
        Integer.parseInt(
            properties.get(StreamsConfig.REPLICATION_FACTOR_CONFIG).toString().strip());
    // Below 1 the broker chooses the replicas, and so must choose how many of them are enough.
    if (replicas >= 1) {
      properties.putIfAbsent(
          StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
          String.valueOf(Math.min(replicas, requests.minInSyncReplicas())));
    }
  }

  private void addDefault(
      Map<String, Object> properties, String prefix, String name, String value) {
    if (!kafka.sets(prefix, name)) {
      properties.put(prefix + name, value);
    }
  }
}
