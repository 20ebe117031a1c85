package io.weir.streams.serde;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that grow, and Avro's primitive values written to them: see "Binary Encoding" in the Avro
 * specification. Nothing is allocated but room to grow. Not thread-safe.
 */
public final class AvroOutput extends OutputStream {
  private static final int FIRST_BYTES = 512;

  /** Room that one large value took is not kept for the next ones. */
  private static final int KEPT_BYTES = 64 * 1024;

  private static final int MAX_VARINT_BYTES = 10;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;
  private @Nullable BinaryEncoder encoder;

  AvroOutput() {}

  /** Avro's own encoder to these bytes. To be flushed, and then {@link #keep kept}. */
  BinaryEncoder takeEncoder() {
    BinaryEncoder taken = EncoderFactory.get().binaryEncoder(this, encoder);
    // What it has buffered is of no use any more where a value cannot be written.
    encoder = null;
    return taken;
  }

  /** Keeps an encoder for the next value. */
  void keep(BinaryEncoder flushed) {
    encoder = flushed;
  }

  /** Begins anew, behind so many bytes that are filled in later. */
  void reset(int headerBytes) {
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[FIRST_BYTES];
    }
    length = headerBytes;
  }

  /** A copy of what was written. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** A boolean. */
  public void writeBoolean(boolean value) {
    write(value ? 1 : 0);
  }

  /** An int or a long: zigzag, then seven bits a byte, lowest first. */
  public void writeLong(long value) {
    ensure(MAX_VARINT_BYTES);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** The place of an enum's symbol, or of a union's branch. */
  public void writeIndex(int index) {
    writeLong(index);
  }

  /** A string. */
  public void writeString(String text) {
    int chars = text.length();
    int start = length;
    writeLong(chars);
    ensure(chars);
    int at = length;
    for (int i = 0; i < chars; i++) {
      char each = text.charAt(i);
      if (each >= 0x80) {
        length = start;
        writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return;
      }
      bytes[at++] = (byte) each;
    }
    length = at;
  }

  /** Bytes; or a string as the bytes of its UTF-8 form. */
  public void writeBytes(byte[] value) {
    writeLong(value.length);
    write(value, 0, value.length);
  }

  /** One byte as it is. */
  @Override
  public void write(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
  }

  /** Bytes as they are. */
  @Override
  public void write(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
    }
  }
}
