package io.weir.streams.gateway.decisions;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer that holds up who sends, as KafkaProducer does while it knows no leader, or refuses
 * records as it does, by their callback on the thread that sends.
 */
final class HesitantProducer extends MockProducer<byte[], byte[]> {
  private final CountDownLatch held = new CountDownLatch(1);
  private final Deque<RuntimeException> refusals = new ArrayDeque<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** A producer that acknowledges what it takes at once, or when the test says so. */
  HesitantProducer(boolean autoComplete) {
    super(autoComplete, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Whoever sends from now on is held up. */
  HesitantProducer hold() {
    gate = new CountDownLatch(1);
    return this;
  }

  void letGo() {
    gate.countDown();
  }

  /** Returns when somebody is held up. */
  void awaitHeld() throws InterruptedException {
    held.await();
  }

  /** Refuses the next records, each with one of these. */
  synchronized void refuse(RuntimeException... failures) {
    refusals.addAll(List.of(failures));
  }

  /** Refuses no more. */
  synchronized void accept() {
    refusals.clear();
  }

  @Override
  @SuppressWarnings(
      "UnsynchronizedOverridesSynchronized") // Nobody else may wait for who is held up.
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    if (gate.getCount() > 0) {
      held.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
    Optional<RuntimeException> refusal = nextRefusal();
    if (refusal.isPresent()) {
      callback.onCompletion(
          new RecordMetadata(new TopicPartition(record.topic(), -1), -1, -1, -1, -1, -1),
          refusal.get());
      return CompletableFuture.failedFuture(refusal.get());
    }
    return super.send(record, callback);
  }

  private synchronized Optional<RuntimeException> nextRefusal() {
    return Optional.ofNullable(refusals.poll());
  }
}
