package io.weir.streams.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * Watches the state being restored from Kafka: a line every few seconds with the share that is
 * done, and the same for whoever asks. Thread-safe.
 *
 * <p>Progress is counted in offsets, of which some hold markers of transactions and no record.
 */
final class RestoreProgress implements StateRestoreListener {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final Consumer<String> lines;
  private final Map<TopicPartition, Span> underWay = new HashMap<>();
  private Instant began = Instant.EPOCH;
  private Instant lastLine = Instant.EPOCH;
  private long offsetsDone;
  private long offsetsEnded;
  private int partitionsEnded;
  private boolean said;

  /** Offsets of one partition: from where, to where (exclusive), and how many are done. */
  private record Span(long start, long end, long done) {
    long size() {
      return Math.max(0, end - start);
    }
  }

  /**
   * A watch over nothing yet.
   *
   * @param lines takes the lines
   */
  RestoreProgress(InstantSource clock, Consumer<String> lines) {
    this.clock = clock;
    this.lines = lines;
  }

  @Override
  public synchronized void onRestoreStart(
      TopicPartition partition, String storeName, long startingOffset, long endingOffset) {
    if (underWay.isEmpty()) {
      began = clock.instant();
      lastLine = began;
      offsetsDone = 0;
      offsetsEnded = 0;
      partitionsEnded = 0;
      said = false;
    }
    underWay.put(partition, new Span(startingOffset, endingOffset, 0));
  }

  @Override
  public synchronized void onBatchRestored(
      TopicPartition partition, String storeName, long batchEndOffset, long restored) {
    Span span = underWay.get(partition);
    if (span == null) {
      return;
    }
    long done = Math.min(span.size(), Math.max(span.done(), batchEndOffset + 1 - span.start()));
    offsetsDone += done - span.done();
    underWay.put(partition, new Span(span.start(), span.end(), done));
    Instant now = clock.instant();
    if (!now.isBefore(lastLine.plus(BETWEEN_LINES))) {
      lastLine = now;
      said = true;
      lines.accept("Restoring the state: " + progress());
    }
  }

  @Override
  public synchronized void onRestoreEnd(
      TopicPartition partition, String storeName, long totalRestored) {
    ended(partition);
  }

  @Override
  public synchronized void onRestoreSuspended(
      TopicPartition partition, String storeName, long totalRestored) {
    ended(partition);
  }

  /** How far the restoring is, in words; empty while nothing is restored. */
  synchronized Optional<String> underWay() {
    return underWay.isEmpty() ? Optional.empty() : Optional.of(progress());
  }

  private void ended(TopicPartition partition) {
    Span span = underWay.remove(partition);
    if (span == null) {
      return;
    }
    offsetsDone += span.size() - span.done();
    offsetsEnded += span.size();
    partitionsEnded++;
    if (underWay.isEmpty() && said) {
      lines.accept(
          "Restored the state: "
              + grouped(offsetsDone)
              + " offsets of "
              + partitionsEnded
              + " partitions in "
              + Durations.text(Duration.between(began, clock.instant())));
    }
  }

  private String progress() {
    long all = offsetsEnded + underWay.values().stream().mapToLong(Span::size).sum();
    long percent = all == 0 ? 100 : (long) (100.0 * offsetsDone / all);
    return percent
        + " % ("
        + grouped(offsetsDone)
        + " of "
        + grouped(all)
        + " offsets, "
        + partitionsEnded
        + " of "
        + (partitionsEnded + underWay.size())
        + " partitions done)";
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
