package io.weir.limiter.rule;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding as RFC 3986 section 2 has it, in its normal form: unreserved characters stay,
 * every other byte of the UTF-8 form is written with upper-case digits. Strict both ways, so that
 * each text has exactly one code.
 */
final class PercentCode {
  private static final String DIGITS = "0123456789ABCDEF";

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

  private static String encode(String text, boolean pattern) {
    int plain = 0;
    while (plain < text.length() && stays(text.charAt(plain), pattern)) {
      plain++;
    }
    if (plain == text.length()) {
      return text;
    }
    StringBuilder code = new StringBuilder(text.length() + 16).append(text, 0, plain);
    int ascii = plain;
    while (ascii < text.length() && text.charAt(ascii) < 0x80) {
      append(text.charAt(ascii), pattern, code);
      ascii++;
    }
    if (ascii < text.length()) {
      // An encoder costs more than all the rest: only text beyond ASCII pays for one.
      ByteBuffer rest = utf8(text, ascii);
      while (rest.hasRemaining()) {
        append((char) (rest.get() & 0xFF), pattern, code);
      }
    }
    return code.toString();
  }

  private static void append(char each, boolean pattern, StringBuilder code) {
    if (stays(each, pattern)) {
      code.append(each);
    } else {
      code.append('%').append(DIGITS.charAt(each >> 4)).append(DIGITS.charAt(each & 0xF));
    }
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
    utf8(text, 0);
  }

  private static ByteBuffer utf8(String text, int from) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text, from, text.length()));
    } catch (CharacterCodingException e) {
      throw new IdentifierException(
          "a key or value holds half a surrogate pair, which is no valid Unicode text");
    }
  }

  private static boolean stays(char each, boolean pattern) {
    return (each >= 'a' && each <= 'z')
        || (each >= '0' && each <= '9')
        || (each >= 'A' && each <= 'Z')
        || each == '-'
        || each == '.'
        || each == '_'
        || each == '~'
        || (pattern && each == '*');
  }

  private static IdentifierException malformed(String code) {
    return new IdentifierException(
        "'"
            + code
            + "' is not percent-encoded; letters, digits, - . _ ~ stay as they are, and every other"
            + " byte of UTF-8 is %XX with upper-case digits");
  }
}
