package io.weir.limiter.rule;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Stands for a value that is long, or that nobody is to see. */
public final class ValueHash {
  /** The longest value that is kept as it is where long ones are shortened, in characters. */
  public static final int MAX_CHARS = 128;

  /** 128 bits: nobody finds another text with the same. */
  private static final int HASH_BYTES = 16;

  private ValueHash() {}

  /** The first 128 bits of the SHA-256 of a text, in 22 characters of base64url. */
  public static String of(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return of(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** The first 128 bits of a hash, in 22 characters of base64url. */
  public static String of(byte[] hash) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HASH_BYTES));
  }

  /** The value, or {@code sha256-…} in place of one of more than {@link #MAX_CHARS} characters. */
  static String shortened(String value) {
    return value.length() > MAX_CHARS ? "sha256-" + of(value) : value;
  }
}
