package io.weir.benchmarks.pipeline;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * Adds up what all stores restore, and how long it takes from the first to the last. Thread-safe.
 */
final class RestoreWatch implements StateRestoreListener {
  private long records;
  private long firstNanos;
  private long lastNanos;
  private boolean begun;

  @Override
  public synchronized void onRestoreStart(
      TopicPartition partition, String store, long startingOffset, long endingOffset) {
    if (!begun) {
      begun = true;
      firstNanos = System.nanoTime();
      lastNanos = firstNanos;
    }
  }

  @Override
  public void onBatchRestored(
      TopicPartition partition, String store, long endOffset, long restored) {}

  @Override
  public synchronized void onRestoreEnd(TopicPartition partition, String store, long restored) {
    records += restored;
    lastNanos = System.nanoTime();
  }

  synchronized long records() {
    return records;
  }

  synchronized long millis() {
    return TimeUnit.NANOSECONDS.toMillis(lastNanos - firstNanos);
  }
}
