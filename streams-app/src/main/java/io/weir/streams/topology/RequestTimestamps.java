package io.weir.streams.topology;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Takes the record's timestamp as the time of a request and keeps times that make no sense out of
 * stream time. Thread-safe.
 *
 * <p>Kafka Streams would drop a record with a negative time silently, and one far in the future
 * would move stream time, and with it the earliest time that anyone is judged at. So both get the
 * partition's own time, and the time they came with goes into a header, by which the request is
 * then answered as invalid. This is the one use of the wall clock for requests.
 */
final class RequestTimestamps implements TimestampExtractor {
  /** Header with the timestamp that was not accepted, in decimal. */
  static final String REJECTED_TIMESTAMP_HEADER = "weir.rejected.timestamp";

  private static final long NO_TIME_YET = 0;

  private final InstantSource clock;
  private final long futureToleranceMillis;

  RequestTimestamps(InstantSource clock, Duration futureTolerance) {
    this.clock = clock;
    this.futureToleranceMillis = futureTolerance.toMillis();
  }

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTimeMillis) {
    Headers headers = record.headers();
    if (headers.lastHeader(REJECTED_TIMESTAMP_HEADER) != null) {
      // Nobody else's to set, and a dead letter that is sent again brings it along.
      headers.remove(REJECTED_TIMESTAMP_HEADER);
    }
    long timestampMillis = record.timestamp();
    if (timestampMillis >= 0 && timestampMillis <= clock.millis() + futureToleranceMillis) {
      return timestampMillis;
    }
    headers.add(
        REJECTED_TIMESTAMP_HEADER,
        Long.toString(timestampMillis).getBytes(StandardCharsets.US_ASCII));
    // Before its first record a partition has no time, which Streams writes as -1.
    return Math.max(NO_TIME_YET, partitionTimeMillis);
  }

  /**
   * A record as it is answered. Before its first valid record a partition has no time to give to an
   * invalid one, and an answer of the year 1970 would be past its topic's retention at once: so
   * that one is answered at the wall clock. Stream time cannot have it: it would be ahead of a
   * backlog.
   */
  static <K, V> Record<K, V> dated(Record<K, V> record, InstantSource clock) {
    return record.timestamp() == NO_TIME_YET
            && rejectedTimestampMillis(record.headers()).isPresent()
        ? record.withTimestamp(clock.millis())
        : record;
  }

  /** The timestamp that a record came with, where it was not accepted. */
  static OptionalLong rejectedTimestampMillis(Headers headers) {
    Header header = headers.lastHeader(REJECTED_TIMESTAMP_HEADER);
    return header == null
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII)));
  }
}
