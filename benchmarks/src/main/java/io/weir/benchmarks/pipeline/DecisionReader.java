package io.weir.benchmarks.pipeline;

import io.weir.streams.topology.DecidedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads committed decisions as they come and measures each from the time at which its request was
 * due. Its own thread reads; the methods are for one other.
 */
final class DecisionReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Task.Load task;
  private final int warm;
  private final int count;
  private final long gapNanos;
  private final Histogram latencies = new Histogram(3);
  private final Histogram ofSecond = new Histogram(3);
  private final List<Double> p99PerSecond = new ArrayList<>();
  private final long[] lastNanos;
  private final long[] longestGapNanos;
  private final boolean[] seen;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean stopped;
  private volatile String failure = "";
  private final AtomicInteger missing;
  private volatile long startNanos;

  DecisionReader(Task.Load task, int warm, int count, long gapNanos) {
    this.task = task;
    this.warm = warm;
    this.count = count;
    this.gapNanos = gapNanos;
    this.lastNanos = new long[task.partitions()];
    this.longestGapNanos = new long[task.partitions()];
    this.seen = new boolean[count];
    this.missing = new AtomicInteger(count);
    this.thread = new Thread(this::readAll, "decision-reader");
    thread.start();
  }

  /** Waits until it reads from the end of the topic. */
  void awaitReady() throws InterruptedException {
    if (!ready.await(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the decisions cannot be read " + failure);
    }
  }

  /** Tells when the first request is due, as of {@link System#nanoTime}. */
  void start(long newStartNanos) {
    startNanos = newStartNanos;
    Arrays.fill(lastNanos, newStartNanos);
    started.countDown();
  }

  /** Waits until each request has its decision. */
  void awaitAll(long seconds) throws InterruptedException {
    boolean all = finished.await(seconds, TimeUnit.SECONDS);
    if (!failure.isEmpty()) {
      throw new IllegalStateException("the decisions cannot be read: " + failure);
    }
    if (!all) {
      throw new IllegalStateException(
          missing.get() + " of " + count + " requests had no decision after " + seconds + " s");
    }
  }

  LoadResult result(double sendLagP99Millis) {
    return new LoadResult(
        latencies.getTotalCount(),
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3,
        latencies.getValueAtPercentile(99.9) / 1e3,
        latencies.getMaxValue() / 1e3,
        sendLagP99Millis,
        List.copyOf(p99PerSecond),
        Arrays.stream(longestGapNanos).mapToObj(nanos -> nanos / 1e6).toList());
  }

  @Override
  public void close() {
    stopped = true;
    started.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readAll() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                task.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, task.partitions())
              .mapToObj(partition -> new TopicPartition(task.decisions(), partition))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      ready.countDown();
      started.await();
      while (!stopped && missing.get() > 0) {
        for (ConsumerRecord<byte[], byte[]> decision : consumer.poll(POLL)) {
          take(decision, System.nanoTime());
        }
      }
    } catch (RuntimeException e) {
      failure = String.valueOf(e);
    } catch (InterruptedException e) {
      failure = "interrupted";
    } finally {
      ready.countDown();
      finished.countDown();
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> decision, long now) {
    int partition = decision.partition();
    longestGapNanos[partition] = Math.max(longestGapNanos[partition], now - lastNanos[partition]);
    lastNanos[partition] = now;
    Header header = decision.headers().lastHeader(DecidedRequest.REQUEST_ID_HEADER);
    int request = Integer.parseInt(new String(header.value(), StandardCharsets.UTF_8));
    if (seen[request]) {
      return; // After a crash at-least-once decides again; the first answer is what was waited for.
    }
    seen[request] = true;
    if (request >= warm) {
      long micros = TimeUnit.NANOSECONDS.toMicros(now - startNanos - request * gapNanos);
      latencies.recordValue(Math.max(0, micros));
      ofSecond.recordValue(Math.max(0, micros));
      if ((request - warm + 1) % task.perSecond() == 0) {
        p99PerSecond.add(ofSecond.getValueAtPercentile(99) / 1e3);
        ofSecond.reset();
      }
    }
    missing.decrementAndGet();
  }
}
