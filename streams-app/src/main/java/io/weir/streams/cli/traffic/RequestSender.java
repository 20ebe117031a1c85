package io.weir.streams.cli.traffic;

import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.KafkaFailures;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Writes requests to their topic and counts those that all replicas have. */
final class RequestSender {
  private final Producer<@Nullable String, RequestEvent> producer;
  private final String topic;
  private final Function<RequestEvent, Optional<String>> keys;
  private final BiConsumer<RequestEvent, RecordMetadata> onSent;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile boolean stopped;

  /**
   * A sender over a producer, which the caller closes.
   *
   * @param keys the record key of a request, if it has one
   * @param onSent told of each request that all replicas have, by the producer's thread
   */
  RequestSender(
      Producer<@Nullable String, RequestEvent> producer,
      String topic,
      Function<RequestEvent, Optional<String>> keys,
      BiConsumer<RequestEvent, RecordMetadata> onSent) {
    this.producer = producer;
    this.topic = topic;
    this.keys = keys;
    this.onSent = onSent;
  }

  /**
   * Sends one request; returns before it has arrived. After a {@link #stop} it does nothing.
   *
   * @throws CommandFailure if this or an earlier one cannot be sent
   */
  void send(RequestEvent request) {
    if (stopped) {
      return;
    }
    throwIfFailed();
    @Nullable String key = keys.apply(request).orElse(null);
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(topic, key, request),
              (metadata, exception) -> {
                if (exception == null) {
                  sent.incrementAndGet();
                  onSent.accept(request, metadata);
                } else {
                  failure.compareAndSet(null, exception);
                }
              });
    } catch (KafkaException e) {
      throw KafkaFailures.explain(e);
    }
  }

  /**
   * Waits until everything has arrived.
   *
   * @throws CommandFailure if something did not
   */
  void finish() {
    producer.flush();
    throwIfFailed();
  }

  /** Sends no more, and waits for what is under way; another thread than the sender's may call. */
  void stop() {
    stopped = true;
    producer.flush();
  }

  /** Whether {@link #stop} was called. */
  boolean isStopped() {
    return stopped;
  }

  /** Requests that have arrived. */
  long sent() {
    return sent.get();
  }

  private void throwIfFailed() {
    @Nullable Exception exception = failure.get();
    if (exception != null) {
      throw KafkaFailures.explain(exception);
    }
  }
}
