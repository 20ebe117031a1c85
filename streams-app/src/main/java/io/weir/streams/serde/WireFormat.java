package io.weir.streams.serde;

import java.util.Locale;

/**
 * Confluent's wire format: a zero byte, the schema's id as four bytes, big-endian, then the Avro
 * binary. See "Wire format" in the documentation of Confluent's Schema Registry.
 */
final class WireFormat {
  /** Bytes before the Avro binary. */
  static final int HEADER_BYTES = 5;

  private static final byte MAGIC = 0;

  private WireFormat() {}

  /**
   * The schema id of a record.
   *
   * @throws NotWireFormatException if the bytes do not begin with a header
   */
  static int schemaId(String topic, byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      throw new NotWireFormatException(
          "record on "
              + topic
              + " has "
              + bytes.length
              + " bytes; Confluent's wire format has a zero byte and a 4-byte schema id first");
    }
    if (bytes[0] != MAGIC) {
      throw new NotWireFormatException(
          String.format(
              Locale.ROOT,
              "record on %s begins with byte 0x%02x; Confluent's wire format begins with 0x00",
              topic,
              bytes[0]));
    }
    return (bytes[1] & 0xff) << 24
        | (bytes[2] & 0xff) << 16
        | (bytes[3] & 0xff) << 8
        | (bytes[4] & 0xff);
  }

  /** Fills in the first {@link #HEADER_BYTES} bytes. */
  static void putHeader(int schemaId, byte[] bytes) {
    bytes[0] = MAGIC;
    bytes[1] = (byte) (schemaId >>> 24);
    bytes[2] = (byte) (schemaId >>> 16);
    bytes[3] = (byte) (schemaId >>> 8);
    bytes[4] = (byte) schemaId;
  }
}
