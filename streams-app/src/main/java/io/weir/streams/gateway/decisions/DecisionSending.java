package io.weir.streams.gateway.decisions;

import io.weir.streams.serde.RegistryRefusedException;
import io.weir.streams.serde.Surroundings;
import io.weir.streams.topology.DecidedRequest;
import io.weir.streams.topology.DecisionRecords;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Gives decisions to the producer, and counts what became of them. For one thread. */
final class DecisionSending {
  private final DecisionRecords records;
  private final Producer<byte[], byte[]> producer;
  private final DecisionLogMetrics metrics;
  private final LostDecisions lost;
  private final WritingWatch watch;

  DecisionSending(
      DecisionRecords records,
      Producer<byte[], byte[]> producer,
      DecisionLogMetrics metrics,
      LostDecisions lost,
      WritingWatch watch) {
    this.records = records;
    this.producer = producer;
    this.metrics = metrics;
    this.lost = lost;
    this.watch = watch;
  }

  /**
   * Gives one decision to the producer. May wait: for the registry, for the topic's leaders, for
   * room among what is under way.
   *
   * @return whether that is done with, for good or for bad; if not, it is worth another try
   * @throws InterruptedException if this thread was interrupted before it was
   */
  boolean send(DecidedRequest decided) throws InterruptedException {
    Delivery delivery = new Delivery(Thread.currentThread());
    @Nullable Throwable failure;
    try {
      Record<byte[], byte[]> record = records.of(decided, decided.decision().timestampMillis());
      var unused =
          producer.send(
              new ProducerRecord<>(
                  records.topic(),
                  null,
                  record.timestamp(),
                  record.key(),
                  record.value(),
                  record.headers()),
              delivery);
      failure = delivery.refusal;
    } catch (RuntimeException | Error e) { // Whatever it is, the next one is sent.
      failure = e;
    }
    if (failure == null) {
      return true;
    }
    requireNotInterrupted();
    if (isOfSurroundings(failure)) {
      watch.hindered(failure);
      lost.delayed(failure);
      return false;
    }
    watch.abandoned();
    lost.failed(failure);
    return true;
  }

  private static void requireNotInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("the decision log was given up on");
    }
  }

  /** Whether the decision could be written, were Kafka or the registry as they should be. */
  private static boolean isOfSurroundings(Throwable failure) {
    return Surroundings.areDown(failure)
        || failure instanceof AuthorizationException
        || failure instanceof AuthenticationException
        || failure instanceof RegistryRefusedException;
  }

  /**
   * Hears of one record. A producer that does not take it says so on the thread that sends; what
   * becomes of one that it took, it says on its own.
   */
  private final class Delivery implements Callback {
    private final Thread sender;
    private @Nullable Exception refusal;

    private Delivery(Thread sender) {
      this.sender = sender;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable Exception failure) {
      if (failure == null) {
        watch.written();
        metrics.written();
      } else if (Thread.currentThread() == sender) {
        refusal = failure;
      } else {
        watch.abandoned();
        if (isOfSurroundings(failure)) {
          watch.hindered(failure);
        }
        lost.failed(failure);
      }
    }
  }
}
