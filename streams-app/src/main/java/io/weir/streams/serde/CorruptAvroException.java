package io.weir.streams.serde;

/** The bytes after the schema id are not Avro of that schema. */
public final class CorruptAvroException extends UndecodableRecordException {

  private static final long serialVersionUID = 1L;

  CorruptAvroException(String message) {
    super(message);
  }

  CorruptAvroException(String message, Throwable cause) {
    super(message, cause);
  }
}
