package io.weir.streams.cli.traffic;

import io.weir.schemas.RequestEvent;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Where a request is. */
record Arrival(String requestId, String topic, int partition, long offset) {

  /** Where the producer put it. */
  static Arrival of(RequestEvent request, RecordMetadata metadata) {
    return new Arrival(
        request.getRequestId(), metadata.topic(), metadata.partition(), metadata.offset());
  }
}
