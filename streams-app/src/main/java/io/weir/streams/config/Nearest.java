package io.weir.streams.config;

import io.weir.limiter.words.EditDistance;
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
        .filter(candidate -> EditDistance.between(name, candidate) <= tolerated)
        .min(
            Comparator.comparingInt((String candidate) -> EditDistance.between(name, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** "; did you mean x?", or nothing. */
  public static String hint(String name, Collection<String> candidates) {
    return to(name, candidates).map(found -> "; did you mean " + found + "?").orElse("");
  }
}
