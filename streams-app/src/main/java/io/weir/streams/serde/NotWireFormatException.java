package io.weir.streams.serde;

/** The bytes do not begin as Confluent's wire format does: a zero byte and a 4-byte schema id. */
public final class NotWireFormatException extends UndecodableRecordException {

  private static final long serialVersionUID = 1L;

  NotWireFormatException(String message) {
    super(message);
  }
}
