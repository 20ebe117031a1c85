package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class RequestTimestampsTest {
  private static final long NOW = 1_000_000;
  private static final long TOLERANCE = 300_000;
  private static final long PARTITION_TIME = 777_777;

  private final RequestTimestamps timestamps =
      new RequestTimestamps(
          InstantSource.fixed(Instant.ofEpochMilli(NOW)), Duration.ofMillis(TOLERANCE));

  @Test
  void takesTheTimestampOfTheRecordUpToTheTolerance() {
    for (long valid : new long[] {0, 1, NOW, NOW + TOLERANCE}) {
      ConsumerRecord<Object, Object> record = record(valid);
      assertThat(timestamps.extract(record, PARTITION_TIME)).isEqualTo(valid);
      assertThat(RequestTimestamps.rejectedTimestampMillis(record.headers())).isEmpty();
    }
  }

  @Test
  void replacesATimestampBeyondTheToleranceAndKeepsItInAHeader() {
    for (long rejected : new long[] {NOW + TOLERANCE + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      ConsumerRecord<Object, Object> record = record(rejected);
      assertThat(timestamps.extract(record, PARTITION_TIME)).isEqualTo(PARTITION_TIME);
      assertThat(RequestTimestamps.rejectedTimestampMillis(record.headers()))
          .isEqualTo(OptionalLong.of(rejected));
    }
  }

  @Test
  void givesTheEpochWhereThePartitionHasNoTimeYet() {
    assertThat(timestamps.extract(record(-5), -1)).isZero();
  }

  @Test
  void recordThatHasNoTimeIsAnsweredAtTheWallClock() {
    InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(NOW));
    ConsumerRecord<Object, Object> record = record(-5);
    Record<String, String> undated =
        new Record<>("key", "value", timestamps.extract(record, -1), record.headers());
    assertThat(RequestTimestamps.dated(undated, clock).timestamp()).isEqualTo(NOW);
    assertThat(RequestTimestamps.dated(undated.withTimestamp(7), clock).timestamp()).isEqualTo(7);
    Record<String, String> ofTheEpoch = new Record<>("key", "value", 0);
    assertThat(RequestTimestamps.dated(ofTheEpoch, clock)).isSameAs(ofTheEpoch);
  }

  @Test
  void headerOfTheSenderIsNotBelieved() {
    ConsumerRecord<Object, Object> record = record(NOW);
    record.headers().add(RequestTimestamps.REJECTED_TIMESTAMP_HEADER, new byte[] {120});
    assertThat(timestamps.extract(record, PARTITION_TIME)).isEqualTo(NOW);
    assertThat(RequestTimestamps.rejectedTimestampMillis(record.headers())).isEmpty();
  }

  private static ConsumerRecord<Object, Object> record(long timestampMillis) {
    return new ConsumerRecord<>(
        "requests",
        0,
        0,
        timestampMillis,
        TimestampType.CREATE_TIME,
        1,
        1,
        "key",
        "value",
        new RecordHeaders(),
        Optional.empty());
  }
}
