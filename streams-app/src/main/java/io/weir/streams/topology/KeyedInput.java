package io.weir.streams.topology;

import io.weir.limiter.rule.KeyText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a record of input that is said to be keyed by identifier is. Thread-safe.
 *
 * <p>The partition is checked beside the key because other clients place the same key differently
 * (librdkafka's default is not murmur2): two producers would give one identifier two budgets.
 */
final class KeyedInput {
  private static final int MAX_SHOWN_CHARS = 128;

  private final int partitions;

  KeyedInput(int partitions) {
    this.partitions = partitions;
  }

  /**
   * Checks key and partition of a record.
   *
   * @throws InvalidRecordException if either is not the identifier's
   */
  void validate(KeyText identifier, byte @Nullable [] key, int partition)
      throws InvalidRecordException {
    if (key == null || !Arrays.equals(key, identifier.bytes())) {
      throw new InvalidRecordException(
          Problem.KEY,
          "the record's key is "
              + (key == null ? "missing" : "'" + shown(key) + "'")
              + "; as the input is keyed by identifier it must be '"
              + shown(identifier.bytes())
              + "'");
    }
    int home = partitionOf(key);
    if (partition != home) {
      throw new InvalidRecordException(
          Problem.PARTITION,
          "the record is on partition "
              + partition
              + "; identifier '"
              + shown(identifier.bytes())
              + "' belongs to partition "
              + home
              + " of "
              + partitions
              + " (murmur2, as Kafka's own clients choose; librdkafka: partitioner=murmur2_random)");
    }
  }

  /** The partition that Kafka's default partitioner gives a key. */
  private int partitionOf(byte[] key) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  private static String shown(byte[] key) {
    return RequestBounds.cut(new String(key, StandardCharsets.UTF_8), MAX_SHOWN_CHARS);
  }
}
