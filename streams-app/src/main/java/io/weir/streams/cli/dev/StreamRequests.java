package io.weir.streams.cli.dev;

import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.serde.AvroSerdes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Requests on the requests topic. */
final class StreamRequests implements DevRequests {
  private final String topic;
  private final KafkaProducer<String, RequestEvent> producer;

  StreamRequests(Settings settings, AvroSerdes serdes) {
    this.topic = settings.get(WeirSettings.TOPIC_REQUESTS);
    this.producer =
        new KafkaProducer<>(
            settings.producerProperties(),
            new StringSerializer(),
            serdes.forValues(RequestEvent.class).serializer());
  }

  @Override
  public CompletableFuture<?> send(String requestId, Map<String, String> attributes) {
    RequestEvent request =
        new RequestEvent(requestId, DOMAIN, attributes, 1L, Operation.CHECK, null);
    CompletableFuture<Void> sent = new CompletableFuture<>();
    var unused =
        producer.send(
            new ProducerRecord<>(topic, request),
            (metadata, exception) -> {
              if (exception == null) {
                sent.complete(null);
              } else {
                sent.completeExceptionally(exception);
              }
            });
    return sent;
  }

  /** A broker that is gone would be waited for. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
