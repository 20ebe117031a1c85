package io.weir.streams.query;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-decoding (RFC 3986) that refuses what {@link java.net.URLDecoder} would guess at. */
final class PercentCoding {
  private PercentCoding() {}

  /**
   * Decodes the escapes.
   *
   * @param plusIsSpace whether {@code +} is a space, as in the query of a URL
   * @throws ProblemException if an escape is cut short, no number, or not UTF-8
   */
  static String decode(String text, boolean plusIsSpace) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(escaped(text, i));
        i += 3;
      } else if (c == '+' && plusIsSpace) {
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
