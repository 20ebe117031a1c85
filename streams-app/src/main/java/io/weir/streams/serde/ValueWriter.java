package io.weir.streams.serde;

import java.io.IOException;

/**
 * Writes the Avro binary of values that have one schema. Thread-safe.
 *
 * @param <V> the values, which need not be generated classes
 */
@FunctionalInterface
public interface ValueWriter<V> {

  /**
   * Writes the fields of one value in the order of its schema.
   *
   * @throws IOException if it cannot be written
   */
  void write(V value, AvroOutput out) throws IOException;
}
