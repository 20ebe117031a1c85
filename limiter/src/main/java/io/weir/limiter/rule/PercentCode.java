package io.weir.limiter.rule;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Percent-encoding as RFC 3986 section 2 has it, in its normal form: unreserved characters stay,
 * every other byte of the UTF-8 form is written with upper-case digits. Strict both ways, so that
 * each text has exactly one code.
 */
final class PercentCode {
  private static final String DIGITS = "0123456789ABCDEF";
  private static final boolean[] UNRESERVED = unreserved();

  private PercentCode() {}

  /** Whether a text has a code: half of a surrogate pair is no character. */
  static boolean isEncodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** The code of a text. */
  static String encode(String text) {
    return encode(text, false);
  }

  /** The code of a wildcard, whose {@code *} stay. */
  static String encodePattern(String pattern) {
    return encode(pattern, true);
  }

  /** Two beginnings, and the code of a text behind them. */
  static byte[] encodeBehind(byte[] first, byte[] second, String text) {
    if (!isPlain(text, false)) {
      return joined(first, second, code(text, false));
    }
    byte[] all = joined(first, second, text.length());
    for (int i = 0, at = first.length + second.length; i < text.length(); i++, at++) {
      all[at] = (byte) text.charAt(i);
    }
    return all;
  }

  private static byte[] joined(byte[] first, byte[] second, byte[] third) {
    byte[] all = joined(first, second, third.length);
    System.arraycopy(third, 0, all, first.length + second.length, third.length);
    return all;
  }

  /** Two beginnings, and room for so many bytes behind them. */
  private static byte[] joined(byte[] first, byte[] second, int room) {
    byte[] all = Arrays.copyOf(first, first.length + second.length + room);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static String encode(String text, boolean pattern) {
    return isPlain(text, pattern)
        ? text
        : new String(code(text, pattern), StandardCharsets.US_ASCII);
  }

  /** Whether a text is its own code. */
  private static boolean isPlain(String text, boolean pattern) {
    for (int i = 0; i < text.length(); i++) {
      if (!stays(text.charAt(i), pattern)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] code(String text, boolean pattern) {
    boolean ascii = true;
    for (int i = 0; i < text.length(); i++) {
      ascii &= text.charAt(i) < 0x80;
    }
    // An encoder costs more than all the rest: only text beyond ASCII pays for one.
    return code(ascii ? text.getBytes(StandardCharsets.US_ASCII) : utf8(text), pattern);
  }

  private static byte[] code(byte[] bytes, boolean pattern) {
    int plain = 0;
    for (byte each : bytes) {
      plain += stays((char) (each & 0xFF), pattern) ? 1 : 0;
    }
    byte[] code = new byte[3 * bytes.length - 2 * plain];
    int length = 0;
    for (byte each : bytes) {
      if (stays((char) (each & 0xFF), pattern)) {
        code[length++] = each;
      } else {
        code[length++] = '%';
        code[length++] = (byte) DIGITS.charAt((each & 0xFF) >> 4);
        code[length++] = (byte) DIGITS.charAt(each & 0xF);
      }
    }
    return code;
  }

  /** The text of a code. */
  static String decode(String code) {
    return decode(code, false);
  }

  /** The wildcard of a code. */
  static String decodePattern(String code) {
    return decode(code, true);
  }

  private static String decode(String code, boolean pattern) {
    ByteBuffer bytes = ByteBuffer.allocate(code.length());
    for (int i = 0; i < code.length(); i++) {
      char each = code.charAt(i);
      if (stays(each, pattern)) {
        bytes.put((byte) each);
      } else if (each == '%' && i + 2 < code.length()) {
        int high = DIGITS.indexOf(code.charAt(++i));
        int low = DIGITS.indexOf(code.charAt(++i));
        char plain = (char) (high << 4 | low);
        if (high < 0 || low < 0 || stays(plain, false) || (pattern && plain == '*')) {
          throw malformed(code);
        }
        bytes.put((byte) plain);
      } else {
        throw malformed(code);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw malformed(code);
    }
  }

  /**
   * Checks that a text has a UTF-8 form. A Java string with half a surrogate pair has none, and
   * would be written as {@code ?} by lenient encoders: two different texts with one code.
   *
   * @throws IdentifierException if not
   */
  static void requireText(String text) {
    utf8(text);
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IdentifierException(
          "a key or value holds half a surrogate pair, which is no valid Unicode text");
    }
  }

  private static boolean stays(char each, boolean pattern) {
    return each < UNRESERVED.length && (UNRESERVED[each] || (pattern && each == '*'));
  }

  private static boolean[] unreserved() {
    boolean[] unreserved = new boolean[0x80];
    for (char each = 0; each < unreserved.length; each++) {
      unreserved[each] =
          (each >= 'a' && each <= 'z')
              || (each >= '0' && each <= '9')
              || (each >= 'A' && each <= 'Z')
              || each == '-'
              || each == '.'
              || each == '_'
              || each == '~';
    }
    return unreserved;
  }

  private static IdentifierException malformed(String code) {
    return new IdentifierException(
        "'"
            + code
            + "' is not percent-encoded; letters, digits, - . _ ~ stay as they are, and every other"
            + " byte of UTF-8 is %XX with upper-case digits");
  }
}
