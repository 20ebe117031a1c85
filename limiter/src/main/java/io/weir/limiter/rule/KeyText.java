package io.weir.limiter.rule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * An identifier or a key of state as it is written ({@link Identifiers} says how): text that is
 * kept as the bytes of its UTF-8 form, since stores and topics take bytes. It is written once, when
 * rules are matched, and becomes a string only for who asks. Immutable, as long as nobody changes
 * {@link #bytes}, and thread-safe. In the order of its bytes, in which stores keep their keys.
 */
public final class KeyText implements Comparable<KeyText> {
  private static final byte[] NOTHING = {};

  private final byte[] bytes;

  /** 0 until it is asked for; whoever is first writes the same as any other. */
  private int hash;

  private KeyText(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A text. */
  public static KeyText of(String text) {
    return new KeyText(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The text that has these bytes. They are not copied, and must not be changed any more. */
  public static KeyText ofBytes(byte[] bytes) {
    return new KeyText(bytes);
  }

  /** The bytes themselves, not a copy. They must not be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes there are; in what rules write, as many as characters. */
  public int length() {
    return bytes.length;
  }

  /** Whether it begins with another text. */
  public boolean startsWith(KeyText beginning) {
    int length = beginning.bytes.length;
    return bytes.length >= length && Arrays.equals(bytes, 0, length, beginning.bytes, 0, length);
  }

  /** What stands before the first of an ASCII character; empty where nothing does, or it is not. */
  Optional<KeyText> before(char end) {
    int length = 0;
    while (length < bytes.length && bytes[length] != end) {
      length++;
    }
    return length == 0 || length == bytes.length
        ? Optional.empty()
        : Optional.of(new KeyText(Arrays.copyOf(bytes, length)));
  }

  /** This text, and the code of another one behind it. */
  KeyText plusCode(String text) {
    return new KeyText(PercentCode.encodeBehind(bytes, NOTHING, text));
  }

  /** This text, another one, and the code of a third one behind it. */
  KeyText plusCode(KeyText middle, String text) {
    return new KeyText(PercentCode.encodeBehind(bytes, middle.bytes, text));
  }

  /** This text and another one behind it. */
  KeyText plus(KeyText end) {
    byte[] both = Arrays.copyOf(bytes, bytes.length + end.bytes.length);
    System.arraycopy(end.bytes, 0, both, bytes.length, end.bytes.length);
    return new KeyText(both);
  }

  @Override
  public int compareTo(KeyText other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof KeyText that && Arrays.equals(bytes, that.bytes));
  }

  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      known = Arrays.hashCode(bytes);
      hash = known;
    }
    return known;
  }

  /** The text. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
