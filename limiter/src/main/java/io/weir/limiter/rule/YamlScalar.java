package io.weir.limiter.rule;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scalar, typed as go-yaml v2 does it, which is not quite as SnakeYAML does: numbers may have
 * prefixes {@code 0x}, {@code 0o} and {@code 0b}, {@code y} and {@code n} are booleans, and there
 * are no base-60 numbers.
 *
 * @param line where it begins
 * @param type its type
 * @param text as written, without quotes
 */
record YamlScalar(int line, Type type, String text) implements YamlNode {

  /** The types that scalars can have. */
  enum Type {
    STRING("!!str"),
    INTEGER("!!int"),
    FLOAT("!!float"),
    BOOLEAN("!!bool"),
    NULL("!!null");

    private final String tag;

    Type(String tag) {
      this.tag = tag;
    }

    String tag() {
      return tag;
    }

    static Optional<Type> ofTag(String tag) {
      for (Type type : values()) {
        if (type.tag.equals(tag)) {
          return Optional.of(type);
        }
      }
      return Optional.empty();
    }
  }

  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Pattern SPECIAL_FLOAT =
      Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern INTEGER =
      Pattern.compile(
          "([-+]?)(?:(0[xX])([0-9a-fA-F]+)|(0[bB])([01]+)|(0[oO]?)([0-7]+)|(0|[1-9][0-9]*))");

  /** Longer texts are no integers that fit anything. */
  private static final int MAX_INTEGER_LENGTH = 100;

  /** The most that the largest integer type of go-yaml holds. */
  private static final BigInteger MAX_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /** The type of a scalar without quotes and without a tag. */
  static Type typeOfPlain(String text) {
    if (NULL.contains(text)) {
      return Type.NULL;
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return Type.BOOLEAN;
    }
    if (integer(text).isPresent()) {
      return Type.INTEGER;
    }
    if (SPECIAL_FLOAT.matcher(text).matches()) {
      return Type.FLOAT;
    }
    boolean number =
        beginsLikeANumber(text)
            && FLOAT.matcher(digits(text)).matches()
            && Double.isFinite(Double.parseDouble(digits(text)));
    return number ? Type.FLOAT : Type.STRING;
  }

  @Override
  public String tag() {
    return type.tag;
  }

  boolean isNull() {
    return type == Type.NULL;
  }

  /** Whether this is a string of that text. */
  boolean isString(String expected) {
    return type == Type.STRING && text.equals(expected);
  }

  /** The value of an {@link Type#INTEGER}. */
  BigInteger integer() {
    return integer(text).orElseThrow();
  }

  /** The value of a {@link Type#BOOLEAN}. */
  boolean isTrue() {
    return TRUE.contains(text);
  }

  /**
   * The value of a {@link Type#FLOAT}; NaN for the infinite ones, too, which JSON lacks as well.
   */
  double number() {
    if (SPECIAL_FLOAT.matcher(text).matches()) {
      return Double.NaN;
    }
    return Double.parseDouble(digits(text));
  }

  private static Optional<BigInteger> integer(String text) {
    Matcher matcher = INTEGER.matcher(digits(text));
    if (text.length() > MAX_INTEGER_LENGTH || !beginsLikeANumber(text) || !matcher.matches()) {
      return Optional.empty();
    }
    BigInteger value;
    if (matcher.group(3) != null) {
      value = new BigInteger(matcher.group(3), 16);
    } else if (matcher.group(5) != null) {
      value = new BigInteger(matcher.group(5), 2);
    } else if (matcher.group(7) != null) {
      value = new BigInteger(matcher.group(7), 8);
    } else {
      value = new BigInteger(matcher.group(8));
    }
    boolean negative = matcher.group(1).equals("-");
    BigInteger signed = negative ? value.negate() : value;
    boolean fits = negative ? signed.bitLength() <= 63 : signed.compareTo(MAX_UNSIGNED) <= 0;
    return fits ? Optional.of(signed) : Optional.empty();
  }

  private static boolean beginsLikeANumber(String text) {
    return "+-.0123456789".indexOf(text.charAt(0)) >= 0;
  }

  /** Underscores may stand between digits. */
  private static String digits(String text) {
    return text.indexOf('_') < 0 ? text : text.replace("_", "");
  }

  /** As Go prints the value. */
  @Override
  public String toString() {
    return switch (type) {
      case NULL -> "<nil>";
      case BOOLEAN -> isTrue() ? "true" : "false";
      default -> text;
    };
  }
}
