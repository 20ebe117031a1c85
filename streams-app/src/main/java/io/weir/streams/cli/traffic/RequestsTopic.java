package io.weir.streams.cli.traffic;

import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.KafkaOptions;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.cli.topics.ClusterTopics;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The topic that commands write requests to. */
record RequestsTopic(Settings settings) {

  String name() {
    return settings.get(WeirSettings.TOPIC_REQUESTS);
  }

  /**
   * The record keys of requests; whether there is a topic to send them to is found out first.
   *
   * @throws CommandFailure if there is none
   */
  Function<RequestEvent, Optional<String>> keys() {
    try (Admin admin = KafkaOptions.admin(settings)) {
      if (!new ClusterTopics(admin).exists(name())) {
        throw new CommandFailure(
            "the topic " + name() + " does not exist",
            "./weir topics apply creates what is missing");
      }
    }
    return RequestKeys.of(settings);
  }

  /** A producer that gives up soon, for a person waits. */
  Producer<@Nullable String, RequestEvent> producer() {
    Map<String, Object> properties = new HashMap<>();
    // Kafka's own patience is a minute to find the topic, and two to deliver.
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000");
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "weir-send-" + UUID.randomUUID());
    properties.putAll(settings.producerProperties());
    return new KafkaProducer<>(
        properties,
        new StringSerializer(),
        ValueSerdes.impatient(settings).forValues(RequestEvent.class).serializer());
  }
}
