package io.weir.limiter.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads Lists and Dictionaries of RFC 9651, section 4.2, as far as rate limit fields need them:
 * Strings, Tokens and Integers are kept, what else an item can be is read past. A field that is not
 * well-formed is no field, as the RFC wants it. No method throws.
 */
final class StructuredFields {
  /** Longer fields are not looked at: nobody has so many limits. */
  private static final int MAX_CHARS = 16_384;

  private static final int MAX_INTEGER_DIGITS = 15;
  private static final int MAX_FRACTION_DIGITS = 3;

  private final String text;
  private int at;

  private StructuredFields(String text) {
    this.text = text;
  }

  /** What an item, or the value of a parameter, is. */
  sealed interface Bare {}

  /** A String. */
  record Text(String value) implements Bare {}

  /** A Token. */
  record Token(String value) implements Bare {}

  /** An Integer. */
  record Whole(long value) implements Bare {}

  /** Something else: a Decimal, a Boolean, a Date, bytes, an inner list. */
  record Other() implements Bare {}

  /**
   * A member of a field.
   *
   * @param key its key in a Dictionary, empty in a List
   */
  record Item(String key, Bare bare, Map<String, Bare> parameters) {

    /** The parameter of that name, if it is an Integer. */
    OptionalLong whole(String name) {
      return parameters.get(name) instanceof Whole whole
          ? OptionalLong.of(whole.value())
          : OptionalLong.empty();
    }

    /** The parameter of that name, if it is a String or a Token. */
    Optional<String> text(String name) {
      Bare found = parameters.get(name);
      if (found instanceof Token token) {
        return Optional.of(token.value());
      }
      return found instanceof Text text ? Optional.of(text.value()) : Optional.empty();
    }
  }

  /** Says that a field is not well-formed; has no stack trace and never leaves this class. */
  private static final class Malformed extends Exception {
    Malformed() {
      super(null, null, false, false);
    }
  }

  /** The members of a List; empty where the field is none. */
  static List<Item> list(String field) {
    return members(field, false);
  }

  /** The members of a Dictionary; empty where the field is none. */
  static List<Item> dictionary(String field) {
    return members(field, true);
  }

  private static List<Item> members(String field, boolean keyed) {
    if (field.length() > MAX_CHARS) {
      return List.of();
    }
    try {
      return new StructuredFields(field).members(keyed);
    } catch (Malformed e) {
      return List.of();
    }
  }

  private List<Item> members(boolean keyed) throws Malformed {
    List<Item> items = new ArrayList<>();
    skip(" ");
    while (at < text.length()) {
      items.add(keyed ? keyedMember() : new Item("", bareItem(), parameters()));
      skip(" \t");
      if (at == text.length()) {
        break;
      }
      expect(',');
      skip(" \t");
      if (at == text.length()) {
        throw new Malformed();
      }
    }
    return items;
  }

  private Item keyedMember() throws Malformed {
    String key = key();
    Bare bare = skipped('=') ? bareItem() : new Other();
    return new Item(key, bare, parameters());
  }

  private Map<String, Bare> parameters() throws Malformed {
    Map<String, Bare> parameters = new LinkedHashMap<>();
    while (skipped(';')) {
      skip(" ");
      String key = key();
      parameters.put(key, skipped('=') ? bareItem() : new Other());
    }
    return parameters;
  }

  private Bare bareItem() throws Malformed {
    char first = peek();
    if (first == '"') {
      return new Text(string());
    }
    if (first == '-' || isDigit(first)) {
      return number();
    }
    if (first == '*' || isLetter(first)) {
      return new Token(token());
    }
    return other(first);
  }

  private Other other(char first) throws Malformed {
    at++;
    switch (first) {
      case '?' -> readPast("01");
      case '@' -> number();
      case ':' -> bytes();
      case '%' -> string();
      case '(' -> innerList();
      default -> throw new Malformed();
    }
    return new Other();
  }

  private void innerList() throws Malformed {
    skip(" ");
    while (!skipped(')')) {
      // An inner list holds no inner lists, so there is no depth to bound.
      if (peek() == '(') {
        throw new Malformed();
      }
      bareItem();
      parameters();
      if (peek() != ')' && peek() != ' ') {
        throw new Malformed();
      }
      skip(" ");
    }
  }

  private void bytes() throws Malformed {
    int end = text.indexOf(':', at);
    if (end < 0) {
      throw new Malformed();
    }
    at = end + 1;
  }

  private String string() throws Malformed {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (!skipped('"')) {
      char next = peek();
      if (next < ' ' || next > '~') {
        throw new Malformed();
      }
      at++;
      if (next == '\\') {
        next = readPast("\"\\");
      }
      string.append(next);
    }
    return string.toString();
  }

  private Bare number() throws Malformed {
    int start = at;
    skipped('-');
    int digits = digits();
    if (digits == 0 || digits > MAX_INTEGER_DIGITS) {
      throw new Malformed();
    }
    int end = at;
    if (!skipped('.')) {
      return new Whole(Long.parseLong(text.substring(start, end)));
    }
    int fraction = digits();
    if (fraction == 0 || fraction > MAX_FRACTION_DIGITS) {
      throw new Malformed();
    }
    return new Other();
  }

  private int digits() {
    int start = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at - start;
  }

  private String token() {
    int start = at;
    while (at < text.length() && isTokenChar(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private String key() throws Malformed {
    int start = at;
    char first = peek();
    if (first != '*' && !isLowerCase(first)) {
      throw new Malformed();
    }
    while (at < text.length() && isKeyChar(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isKeyChar(char code) {
    return isLowerCase(code) || isDigit(code) || "_-.*".indexOf(code) >= 0;
  }

  private static boolean isTokenChar(char code) {
    return isLetter(code) || isDigit(code) || "!#$%&'*+-.^_`|~:/".indexOf(code) >= 0;
  }

  private static boolean isLetter(char code) {
    return isLowerCase(code) || (code >= 'A' && code <= 'Z');
  }

  private static boolean isLowerCase(char code) {
    return code >= 'a' && code <= 'z';
  }

  private static boolean isDigit(char code) {
    return code >= '0' && code <= '9';
  }

  private void skip(String any) {
    while (at < text.length() && any.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean skipped(char one) {
    boolean found = at < text.length() && text.charAt(at) == one;
    if (found) {
      at++;
    }
    return found;
  }

  private void expect(char one) throws Malformed {
    if (!skipped(one)) {
      throw new Malformed();
    }
  }

  private char readPast(String oneOf) throws Malformed {
    char next = peek();
    if (oneOf.indexOf(next) < 0) {
      throw new Malformed();
    }
    at++;
    return next;
  }

  private char peek() throws Malformed {
    if (at == text.length()) {
      throw new Malformed();
    }
    return text.charAt(at);
  }
}
