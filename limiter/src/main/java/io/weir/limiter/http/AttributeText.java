package io.weir.limiter.http;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes values of attributes of what clients send, which may be long, secret or no valid text. */
public final class AttributeText {
  /** The longest value that is kept as it is, in characters. */
  public static final int MAX_CHARS = 128;

  /** 128 bits: nobody finds another text with the same. */
  private static final int HASH_BYTES = 16;

  private static final String HMAC = "HmacSHA256";

  private AttributeText() {}

  /**
   * A value that is short and valid: one of more than {@link #MAX_CHARS} characters is told by its
   * hash, {@code sha256-…}, and a surrogate without its other half is a question mark.
   *
   * @return empty where the text is empty, which names nobody
   */
  public static Optional<String> bounded(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.length() > MAX_CHARS) {
      return Optional.of("sha256-" + hash(text));
    }
    // Encoding replaces what is no text.
    return Optional.of(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
  }

  /** The first 128 bits of the SHA-256 of a text, in 22 characters of base64url. */
  public static String hash(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return shortened(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /**
   * As above, of HMAC-SHA-256: without the secret nobody can try which text it is of.
   *
   * @param secret not empty
   */
  public static String hash(String text, byte[] secret) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      return shortened(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JVM has HmacSHA256 with any key", e);
    }
  }

  private static String shortened(byte[] hash) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HASH_BYTES));
  }
}
