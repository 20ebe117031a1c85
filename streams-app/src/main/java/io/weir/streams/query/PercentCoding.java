package io.weir.streams.query;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-decoding of a URL's query, where {@code +} is a space too, that refuses what {@link
 * java.net.URLDecoder} would guess at.
 *
 * <p>Not the decoding of identifiers, which takes a text's one normal form and nothing else: no
 * lower-case digits, no character that should be escaped and is not. What people and browsers write
 * into a URL is seldom in that form.
 */
final class PercentCoding {
  private PercentCoding() {}

  /**
   * Decodes the escapes.
   *
   * @throws ProblemException if an escape is cut short, no number, or not UTF-8
   */
  static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(escaped(text, i));
        i += 3;
      } else if (c == '+') {
        bytes.write(' ');
        i++;
      } else {
        int end = text.offsetByCodePoints(i, 1);
        bytes.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          "'" + text + "' is not UTF-8 once its percent escapes are decoded; encode it as UTF-8",
          e);
    }
  }

  private static int escaped(String text, int at) {
    int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
    int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          "'"
              + text
              + "' has a % that two hexadecimal digits do not follow; write a percent sign as %25");
    }
    return high * 16 + low;
  }
}
