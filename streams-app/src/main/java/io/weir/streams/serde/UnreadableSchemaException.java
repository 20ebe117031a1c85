package io.weir.streams.serde;

/**
 * The record's schema is known, but is not Avro or cannot be resolved to the schema that is read.
 */
public final class UnreadableSchemaException extends UndecodableRecordException {

  private static final long serialVersionUID = 1L;

  UnreadableSchemaException(String message) {
    super(message);
  }

  UnreadableSchemaException(String message, Throwable cause) {
    super(message, cause);
  }
}
