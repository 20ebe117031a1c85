package io.weir.benchmarks.pipeline;

import io.weir.streams.topology.DecidedRequest;
import io.weir.streams.topology.WeirSerdes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleConsumer;
import java.util.function.IntSupplier;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends requests on a fixed schedule, whatever becomes of them, and measures each decision from the
 * time at which its request was due: a stall counts for all requests that were due during it, not
 * for the one that met it alone.
 */
final class LoadRun {
  /** Waking up for each request would take a core's time away from what is measured. */
  private static final long LEAST_PARK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private static final long DRAIN_SECONDS = 60;

  private final WeirSerdes serdes;
  private final Task.Load task;
  private final DoubleConsumer told;

  LoadRun(WeirSerdes serdes, Task.Load task, DoubleConsumer told) {
    this.serdes = serdes;
    this.task = task;
    this.told = told;
  }

  /** Sends all requests and waits for their decisions. */
  LoadResult run() throws InterruptedException {
    int warm = Math.toIntExact((long) task.perSecond() * task.warmUpMillis() / 1000);
    int count = warm + Math.toIntExact((long) task.perSecond() * task.measuredMillis() / 1000);
    long gapNanos = TimeUnit.SECONDS.toNanos(1) / task.perSecond();
    Histogram sendLag = new Histogram(3);
    try (DecisionReader reader = new DecisionReader(task, warm, count, gapNanos)) {
      reader.awaitReady();
      long startNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
      reader.start(startNanos);
      send(startNanos, gapNanos, warm, count, sendLag);
      reader.awaitAll(DRAIN_SECONDS);
      return reader.result(sendLag.getValueAtPercentile(99) / 1e3);
    }
  }

  private void send(long startNanos, long gapNanos, int warm, int count, Histogram sendLag) {
    RequestFactory requests = new RequestFactory(serdes, task.requests(), RequestShape.KEYED);
    IntSupplier numbers = KeySpread.UNIFORM.numbers(task.seed());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                task.bootstrapServers(),
                ProducerConfig.LINGER_MS_CONFIG,
                "0"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        long dueNanos = startNanos + i * gapNanos;
        long now = System.nanoTime();
        while (now - dueNanos < 0) {
          LockSupport.parkNanos(Math.max(LEAST_PARK_NANOS, dueNanos - now));
          now = System.nanoTime();
        }
        String id = String.valueOf(i);
        ProducerRecord<byte[], byte[]> request =
            requests.request(id, numbers.getAsInt(), System.currentTimeMillis());
        // What is passed through keeps its headers, and is known by this one.
        request
            .headers()
            .add(DecidedRequest.REQUEST_ID_HEADER, id.getBytes(StandardCharsets.US_ASCII));
        var unused = producer.send(request);
        if (i >= warm) {
          sendLag.recordValue(TimeUnit.NANOSECONDS.toMicros(now - dueNanos));
        }
        told.accept((double) i / count);
      }
    }
  }
}
