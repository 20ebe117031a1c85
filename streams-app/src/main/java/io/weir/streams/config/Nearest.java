package io.weir.streams.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a misspelt name was meant to be. */
public final class Nearest {
  private Nearest() {}

  /** The candidate that is most like the name; empty where none is like it. */
  public static Optional<String> to(String name, Collection<String> candidates) {
    int tolerated = Math.max(2, name.length() / 4);
    return candidates.stream()
        .filter(candidate -> distance(name, candidate) <= tolerated)
        .min(
            Comparator.comparingInt((String candidate) -> distance(name, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** "; did you mean x?", or nothing. */
  public static String hint(String name, Collection<String> candidates) {
    return to(name, candidates).map(found -> "; did you mean " + found + "?").orElse("");
  }

  /** Levenshtein's distance: insertions, deletions and substitutions from one to the other. */
  private static int distance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] current = new int[to.length() + 1];
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int substitution = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
