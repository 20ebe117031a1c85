package io.weir.streams.cli.dev;

import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.serde.AvroSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends the requests of a few users, each in their manner, from a thread of its own. */
final class DevTraffic implements AutoCloseable {
  private static final long TICK_MILLIS = 50;

  private final List<DevUser> users;
  private final String topic;
  private final KafkaProducer<String, RequestEvent> producer;
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "weir-dev-traffic");

  DevTraffic(Settings settings, AvroSerdes serdes, List<DevUser> users) {
    this.users = users;
    this.topic = settings.get(WeirSettings.TOPIC_REQUESTS);
    this.producer =
        new KafkaProducer<>(
            settings.producerProperties(),
            new StringSerializer(),
            serdes.forValues(RequestEvent.class).serializer());
  }

  void start() {
    thread.start();
  }

  /** Requests that were made, acknowledged or not. */
  long asked() {
    return asked.get();
  }

  /** Requests that the broker has acknowledged. */
  long sent() {
    return sent.get();
  }

  /** Makes no more requests; those that were made are still on their way. */
  void stop() {
    stop.countDown();
    join();
  }

  /** Likewise, and does not wait for a broker that a request waits for. */
  void abandon() {
    stop.countDown();
    thread.interrupt();
    join();
  }

  private void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns if every request could be sent so far.
   *
   * @throws KafkaException if not
   */
  void throwIfFailed() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new KafkaException("a request could not be sent", cause);
    }
  }

  /** Gives up what is still on its way: a broker that is gone would be waited for. */
  @Override
  public void close() {
    stop.countDown();
    producer.close(Duration.ZERO);
  }

  private void run() {
    long startNanos = System.nanoTime();
    Map<DevUser, Long> asked = new HashMap<>();
    try {
      while (!stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        for (DevUser user : users) {
          long due = user.dueAfter(seconds);
          for (long i = asked.getOrDefault(user, 0L); i < due && !isStopped(); i++) {
            send(user, i);
          }
          asked.put(user, due);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!isStopped()) {
        failure.compareAndSet(null, e);
      }
    }
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  private void send(DevUser user, long number) {
    Map<String, String> attributes = new HashMap<>(user.attributes());
    attributes.put("user_id", user.name());
    RequestEvent request =
        new RequestEvent(
            user.name() + "-" + (number + 1), "api", attributes, 1L, Operation.CHECK, null);
    asked.incrementAndGet();
    var unused =
        producer.send(
            new ProducerRecord<>(topic, request),
            (metadata, exception) -> {
              if (exception == null) {
                sent.incrementAndGet();
              } else {
                failure.compareAndSet(null, exception);
              }
            });
  }
}
