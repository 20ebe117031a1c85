package io.weir.streams.serde;

import org.apache.kafka.common.errors.SerializationException;

/**
 * The bytes of one record are at fault, and reading them again gives the same: the record belongs
 * in the dead-letter topic. Never thrown because the registry cannot be reached.
 */
public abstract sealed class UndecodableRecordException extends SerializationException
    permits NotWireFormatException,
        UnknownSchemaIdException,
        UnreadableSchemaException,
        CorruptAvroException {

  private static final long serialVersionUID = 1L;

  UndecodableRecordException(String message) {
    super(message);
  }

  UndecodableRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
