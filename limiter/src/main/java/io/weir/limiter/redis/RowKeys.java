package io.weir.limiter.redis;

import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.KeyText;
import java.util.Arrays;

/** What distinguishes the rows of one identifier: their keys without it and the bar behind it. */
final class RowKeys {
  private static final int MOST = 0xFFFF;

  private RowKeys() {}

  /** The key of a row behind its identifier. */
  static byte[] behind(KeyText identifier, KeyText key) {
    return Arrays.copyOfRange(key.bytes(), identifier.length() + 1, key.length());
  }

  /** Its length. */
  static int length(KeyText identifier, KeyText key) {
    return key.length() - identifier.length() - 1;
  }

  /**
   * A number in two bytes, as those of keys and their lengths are.
   *
   * @throws IdentifierException if it does not fit them
   */
  static short unsigned(int number) {
    if (number > MOST) {
      throw new IdentifierException(
          "the attributes are too long, or meet too many limits: with state in Redis, a key may"
              + " have at most "
              + MOST
              + " bytes, and a request as many limits");
    }
    return (short) number;
  }
}
