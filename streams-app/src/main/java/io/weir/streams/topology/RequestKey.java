package io.weir.streams.topology;

import io.weir.limiter.rule.KeyText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The name that a request and its duplicates have in common: 128 bits of a SHA-256 over what is
 * asked, the request_id and the identifiers in alphabetical order, each with its length before it.
 * A request_id is the caller's free choice; so the hash is one for which nobody finds another
 * request of the same name.
 */
final class RequestKey {
  private static final int BYTES = 16;

  private RequestKey() {}

  static String of(CheckTask task, String requestId, List<KeyText> identifiers) {
    MessageDigest digest = sha256();
    add(digest, utf8(CheckTasks.name(task).name()));
    add(digest, utf8(requestId));
    identifiers.stream().sorted().forEach(identifier -> add(digest, identifier.bytes()));
    return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), BYTES));
  }

  /** Nothing is consumed by a peek, and who asks again wants to know how it stands now. */
  static boolean hasDuplicates(CheckTask task) {
    return !(task instanceof CheckTask.Charge charge && charge.cost() == 0);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      digest.update((byte) (bytes.length >>> shift));
    }
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
