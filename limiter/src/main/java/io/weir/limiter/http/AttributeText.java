package io.weir.limiter.http;

import io.weir.limiter.rule.ValueHash;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes values of attributes of what clients send, which may be secret or no valid text. */
public final class AttributeText {
  private static final String HMAC = "HmacSHA256";

  private AttributeText() {}

  /**
   * A value that is valid text: a surrogate without its other half is a question mark.
   *
   * @return empty where the text is empty, which names nobody
   */
  public static Optional<String> valid(String text) {
    // Encoding replaces what is no text.
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
  }

  /** The first 128 bits of the SHA-256 of a text, in 22 characters of base64url. */
  public static String hash(String text) {
    return ValueHash.of(text);
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
      return ValueHash.of(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JVM has HmacSHA256 with any key", e);
    }
  }
}
