package io.weir.limiter.words;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the known word that a misspelt one was probably meant to be, for messages. Stateless and
 * thread-safe. Public for Weir's own packages, and no part of what the library is for.
 */
public final class Suggestion {
  /** Longer words are no slip of the pen. */
  private static final int MAX_LENGTH = 64;

  private Suggestion() {}

  /**
   * What a message about an unknown word ends with: {@code "; did you mean 'burst'?"}, or nothing
   * where no known word is near.
   */
  public static String didYouMean(String word, Collection<String> known) {
    return nearest(word, known).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  /** The nearest known word, if at most a third of it must change. */
  static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String best = "";
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = EditDistance.between(plain(word), plain(candidate));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    boolean near = bestDistance <= Math.max(1, best.length() / 3);
    return near ? Optional.of(best) : Optional.empty();
  }

  /** Case, dashes and underscores are the usual slips, and cost nothing. */
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }
}
