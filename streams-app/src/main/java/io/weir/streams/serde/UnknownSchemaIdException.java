package io.weir.streams.serde;

/** The registry answers, and has no schema of the record's id. */
public final class UnknownSchemaIdException extends UndecodableRecordException {

  private static final long serialVersionUID = 1L;

  UnknownSchemaIdException(String message) {
    super(message);
  }
}
