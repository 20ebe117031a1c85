package io.weir.limiter.redis;

import io.weir.limiter.rule.KeyText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names of keys: a prefix, and the identifier in braces, by which Redis Cluster places it. So all
 * rows of one identifier are in one key. Immutable and thread-safe.
 */
final class RedisKeys {
  private final byte[] start;

  /** Keys that begin so. */
  RedisKeys(String prefix) {
    if (prefix.indexOf('{') >= 0) {
      throw new IllegalArgumentException(
          "the key prefix is '"
              + prefix
              + "'; it must not contain '{', which marks the identifier");
    }
    this.start = (prefix + '{').getBytes(StandardCharsets.UTF_8);
  }

  /** The key by which it is known that something was done for an identifier, under a name. */
  byte[] key(KeyText identifier, String requestName) {
    byte[] name = (":" + requestName).getBytes(StandardCharsets.UTF_8);
    byte[] rows = key(identifier);
    byte[] key = Arrays.copyOf(rows, rows.length + name.length);
    System.arraycopy(name, 0, key, rows.length, name.length);
    return key;
  }

  byte[] key(KeyText identifier) {
    byte[] key = new byte[start.length + identifier.length() + 1];
    System.arraycopy(start, 0, key, 0, start.length);
    System.arraycopy(identifier.bytes(), 0, key, start.length, identifier.length());
    key[key.length - 1] = '}';
    return key;
  }
}
