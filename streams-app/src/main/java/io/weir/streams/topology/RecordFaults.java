package io.weir.streams.topology;

import io.weir.streams.serde.Surroundings;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Tells bad records from bad surroundings, such as a registry that is down or refuses our password.
 * A good record must never become a dead letter because of the latter.
 */
final class RecordFaults {

  private RecordFaults() {}

  /** Whether reading the same record again would fail again, whatever the surroundings. */
  static boolean isOfRecord(RuntimeException failure) {
    if (failure instanceof KafkaException && !(failure instanceof SerializationException)) {
      return false;
    }
    return !Surroundings.areDown(failure);
  }
}
