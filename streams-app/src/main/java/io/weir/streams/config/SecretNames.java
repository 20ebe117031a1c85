package io.weir.streams.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which values must not be shown. */
public final class SecretNames {
  private static final List<String> PARTS =
      List.of(
          "password", "passphrase", "secret", "jaas", "user.info", "token", "credential", ".key");

  /** Up to the last at sign, as passwords hold what an address does not: of each in a list. */
  private static final Pattern USER_IN_URL = Pattern.compile("(?<=://)(?:(?!://)\\S)*@");

  static final String HIDDEN = "(hidden)";

  private SecretNames() {}

  /** The value, or what stands for it where it is secret. */
  public static String show(String name, String value) {
    return isSecret(name) ? HIDDEN : USER_IN_URL.matcher(value).replaceAll(HIDDEN + "@");
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (name.equals(WeirSettings.REDIS_KEY_PREFIX.name())) {
      return false; // It ends as names of private keys do, and names none.
    }
    return KafkaPropertyNames.isPassword(name) || PARTS.stream().anyMatch(lower::contains);
  }
}
