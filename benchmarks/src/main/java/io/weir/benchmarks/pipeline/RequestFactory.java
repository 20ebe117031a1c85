package io.weir.benchmarks.pipeline;

import io.weir.schemas.RequestEvent;
import io.weir.streams.topology.WeirSerdes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes requests, each keyed by its first identifier. */
final class RequestFactory {
  private final WeirSerdes serdes;
  private final String topic;
  private final RequestShape shape;

  RequestFactory(WeirSerdes serdes, String topic, RequestShape shape) {
    this.serdes = serdes;
    this.topic = topic;
    this.shape = shape;
  }

  /**
   * A request.
   *
   * @param id its request_id
   * @param identifier number of its identifiers
   */
  ProducerRecord<byte[], byte[]> request(String id, int identifier, long timestampMillis) {
    String value = String.valueOf(identifier);
    Map<String, String> attributes = new HashMap<>();
    shape.attributes().forEach(attribute -> attributes.put(attribute, value));
    RequestEvent request =
        RequestEvent.newBuilder()
            .setRequestId(id)
            .setDomain(BenchRules.DOMAIN)
            .setAttributes(attributes)
            .build();
    String key = BenchRules.DOMAIN + "/" + shape.attributes().get(0) + "=" + value;
    return new ProducerRecord<>(
        topic,
        null,
        timestampMillis,
        key.getBytes(StandardCharsets.UTF_8),
        serdes.requests().serializer().serialize(topic, request));
  }
}
