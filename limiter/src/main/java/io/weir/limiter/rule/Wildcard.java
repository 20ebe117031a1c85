package io.weir.limiter.rule;

import java.util.ArrayList;
import java.util.List;

/** A value in which each {@code *} stands for any characters, or none. Immutable. */
final class Wildcard {
  private final String prefix;
  private final String[] middle;
  private final String suffix;

  /** A wildcard of a pattern that holds at least one {@code *}. */
  Wildcard(String pattern) {
    int first = pattern.indexOf('*');
    int last = pattern.lastIndexOf('*');
    this.prefix = pattern.substring(0, first);
    this.suffix = pattern.substring(last + 1);
    List<String> between = new ArrayList<>();
    for (int star = first; star < last; ) {
      int next = pattern.indexOf('*', star + 1);
      between.add(pattern.substring(star + 1, next));
      star = next;
    }
    this.middle = between.toArray(new String[0]);
  }

  /**
   * Whether the value matches. Taking each part at the first place where it fits leaves the most
   * room for the others, so nothing is ever tried twice.
   */
  boolean matches(String value) {
    if (value.length() < prefix.length() + suffix.length()
        || !value.startsWith(prefix)
        || !value.endsWith(suffix)) {
      return false;
    }
    int end = value.length() - suffix.length();
    int from = prefix.length();
    for (String part : middle) {
      int at = value.indexOf(part, from);
      if (at < 0 || at + part.length() > end) {
        return false;
      }
      from = at + part.length();
    }
    return true;
  }
}
