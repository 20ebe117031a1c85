package io.weir.limiter.codec;

/**
 * Reads what {@link RowWriter} wrote, and nothing else: every number has one form only. Every
 * method throws {@link CodecException}, naming the field and the place, where the bytes do not hold
 * what is asked for. Not thread-safe; one for each row.
 */
final class RowReader {
  /** Ten bytes of seven bits hold the 64 bits of a long; the tenth holds one of them. */
  private static final int LAST_SHIFT = 63;

  private final byte[] bytes;
  private int position;

  RowReader(byte[] bytes) {
    this(bytes, 0);
  }

  RowReader(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  int readByte(String field) {
    if (position == bytes.length) {
      throw new CodecException(
          "the row ends after " + position + " bytes, where " + field + " should be");
    }
    return bytes[position++] & 0xFF;
  }

  String readAscii(String field, int maxLength) {
    int length = readCount("length of " + field, maxLength);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      int character = readByte(field);
      if (character < 0x20 || character > 0x7E) {
        throw fault(field + " holds the byte " + character + ", which is no printable ASCII");
      }
      text.append((char) character);
    }
    return text.toString();
  }

  /** A number of things that take at least one byte each, so that what is allocated is bounded. */
  int readCount(String field, int max) {
    long count = readUnsigned(field);
    if (count > max) {
      throw fault(field + " is " + count + ", the most is " + max);
    }
    int left = left();
    if (count > left) {
      throw fault(field + " is " + count + ", but only " + left + " bytes follow");
    }
    return (int) count;
  }

  /** A number of so many bytes, at most seven, highest first. */
  long readFixed(String field, int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = value << 8 | readByte(field);
    }
    return value;
  }

  /** The bytes that follow. */
  int left() {
    return bytes.length - position;
  }

  /** A number from 0 to {@link Long#MAX_VALUE}. */
  long readUnsigned(String field) {
    long value = readBits(field);
    if (value < 0) {
      throw fault(field + " is larger than a long");
    }
    return value;
  }

  long readSigned(String field) {
    long bits = readBits(field);
    return (bits >>> 1) ^ -(bits & 1);
  }

  void requireEnd() {
    if (position < bytes.length) {
      throw fault((bytes.length - position) + " more bytes follow the end of the row");
    }
  }

  private long readBits(String field) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int next = readByte(field);
      if (shift == LAST_SHIFT && next > 1) {
        throw fault(field + " is longer than 64 bits");
      }
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw fault(field + " is written in more bytes than it needs");
        }
        return value;
      }
    }
  }

  private CodecException fault(String what) {
    return new CodecException("at byte " + position + ": " + what);
  }
}
