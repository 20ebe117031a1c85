package io.weir.limiter.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * How identifiers and keys of state are written.
 *
 * <pre>
 * identifier  = domain "/" key "=" value          api/user_id=42
 * state key   = identifier "|" entries "#" name   api/user_id=42|endpoint=%2Flogin#
 * entries     = key "=" value, joined by "/": the descriptor's further entries
 * name        = the limit's name where it is from the list rate_limits, else empty
 * </pre>
 *
 * <p>Each part is percent-encoded: the UTF-8 bytes of everything but RFC 3986's unreserved
 * characters, hexadecimal digits in upper case. So each identifier is written in exactly one way,
 * and no part can be mistaken for a delimiter. Where a wildcard stands for the values that match it
 * (share_threshold), its {@code *} is left as it is; that of a real value is always {@code %2A}.
 */
public final class Identifiers {
  private static final KeyText BAR = KeyText.of("|");

  private Identifiers() {}

  /**
   * Writes an identifier.
   *
   * @throws IdentifierException if domain or key is empty, or a part is no valid text
   */
  public static String encode(String domain, String key, String value) {
    return Identifier.of(domain, key, value).encoded();
  }

  /**
   * Reads an identifier.
   *
   * @throws IdentifierException if it is not written in the one way that {@link Identifier#encoded}
   *     writes it
   */
  public static Identifier decode(String identifier) {
    int slash = identifier.indexOf('/');
    int equals = identifier.indexOf('=', slash + 1);
    if (slash < 0 || equals < 0) {
      throw new IdentifierException(
          "'"
              + identifier
              + "' is no identifier; it must be domain/key=value, each part percent-encoded");
    }
    String value = identifier.substring(equals + 1);
    boolean shared = value.indexOf('*') >= 0;
    return new Identifier(
        PercentCode.decode(identifier.substring(0, slash)),
        PercentCode.decode(identifier.substring(slash + 1, equals)),
        shared ? PercentCode.decodePattern(value) : PercentCode.decode(value),
        shared);
  }

  /** The beginning that the state keys of an identifier share, and no other identifier's have. */
  public static String rowPrefix(String identifier) {
    return rowPrefix(KeyText.of(identifier)).toString();
  }

  /** The beginning that the state keys of an identifier share, and no other identifier's have. */
  public static KeyText rowPrefix(KeyText identifier) {
    return identifier.plus(BAR);
  }

  /**
   * The identifier that a state key belongs to.
   *
   * @throws IdentifierException if it is no state key
   */
  public static KeyText identifierOf(KeyText stateKey) {
    return stateKey
        .before('|')
        .orElseThrow(
            () ->
                new IdentifierException(
                    "'"
                        + stateKey
                        + "' is no state key; it must begin with an identifier and '|'"));
  }

  /**
   * The identifier that a state key belongs to.
   *
   * @throws IdentifierException if it is no state key
   */
  public static String identifierOf(String stateKey) {
    return identifierOf(KeyText.of(stateKey)).toString();
  }

  /**
   * The entries of the descriptor that a state key belongs to, that of the identifier first.
   *
   * @throws IdentifierException if it is no state key
   */
  public static List<StateKeyEntry> entriesOf(String stateKey) {
    String identifier = identifierOf(stateKey);
    int end = stateKey.indexOf('#', identifier.length());
    if (end < 0) {
      throw new IdentifierException(
          "'" + stateKey + "' is no state key; '#' must stand behind its entries");
    }
    List<StateKeyEntry> entries = new ArrayList<>();
    entries.add(entry(identifier));
    String domain = identifier.substring(0, identifier.indexOf('/') + 1);
    String further = stateKey.substring(rowPrefix(identifier).length(), end);
    if (!further.isEmpty()) {
      for (String entry : further.split("/", -1)) {
        entries.add(entry(domain + entry));
      }
    }
    return List.copyOf(entries);
  }

  /** Each entry is written as that of an identifier is. */
  private static StateKeyEntry entry(String identifier) {
    Identifier read = decode(identifier);
    return new StateKeyEntry(read.key(), read.value(), read.shared());
  }
}
