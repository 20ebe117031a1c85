package io.weir.limiter.codec;

import java.util.Arrays;

/** Bytes that grow, and the numbers written to them. Not thread-safe; one for each row. */
final class RowWriter {
  private byte[] bytes = new byte[32];
  private int length;

  void writeByte(int value) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) value;
  }

  void writeAscii(String text) {
    writeUnsigned(text.length());
    for (int i = 0; i < text.length(); i++) {
      writeByte(text.charAt(i));
    }
  }

  /** Seven bits a byte, lowest first; the top bit says that more follow (LEB128). */
  void writeUnsigned(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      writeByte((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    writeByte((int) rest);
  }

  /** Zigzag: small numbers of either sign are short. */
  void writeSigned(long value) {
    writeUnsigned((value << 1) ^ (value >> 63));
  }

  /** Whether a number fits so many bytes, at most seven. */
  static boolean fits(long value, int width) {
    return value >>> (8 * width) == 0;
  }

  /**
   * A number in so many bytes, at most seven, highest first.
   *
   * @throws IllegalArgumentException if it does not fit them
   */
  void writeFixed(long value, int width) {
    if (!fits(value, width)) {
      throw new IllegalArgumentException(value + " does not fit " + width + " bytes");
    }
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      writeByte((int) (value >>> shift));
    }
  }

  void writeBytes(byte[] more) {
    if (bytes.length - length < more.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * length, length + more.length));
    }
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }
}
