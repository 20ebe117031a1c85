package io.weir.streams.real;

import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Sends 500 requests a second until it is closed. */
final class Load implements AutoCloseable {
  private static final int AT_ONCE = 10;
  private static final long EVERY_MILLIS = 20;

  private final RunningWeir weir;
  private final RequestSource requests;
  private final Random random = new Random(1);
  private final KafkaProducer<byte[], byte[]> producer;
  private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> sending;
  private volatile int sent;

  private Load(RunningWeir weir, RequestSource requests) {
    this.weir = weir;
    this.requests = requests;
    this.producer = weir.producer();
    this.sending =
        sender.scheduleAtFixedRate(this::sendSome, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** A load that begins now. */
  static Load on(RunningWeir weir, RequestSource requests) {
    return new Load(weir, requests);
  }

  /** How many requests were sent, at least; exactly, once it is closed. */
  int sent() {
    return sent;
  }

  private void sendSome() {
    int from = sent;
    for (int i = from; i < from + AT_ONCE; i++) {
      var unused = producer.send(weir.record(requests, i, random));
    }
    sent = from + AT_ONCE;
  }

  /** Ends it; fails if a request could not be sent. */
  @Override
  public void close() throws Exception {
    sender.shutdown();
    boolean ended = sender.awaitTermination(1, TimeUnit.MINUTES);
    producer.close();
    if (!ended) {
      throw new AssertionError("the load did not end");
    }
    if (!sending.isCancelled()) {
      sending.get(); // It ended by itself.
    }
  }
}
