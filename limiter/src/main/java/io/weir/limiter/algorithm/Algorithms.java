package io.weir.limiter.algorithm;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The algorithms that rules files and stored rows can name. Immutable and thread-safe. */
public final class Algorithms {
  private final Map<String, Algorithm<?>> byName;

  private Algorithms(Map<String, Algorithm<?>> byName) {
    this.byName = byName;
  }

  /** The five built-in algorithms, logs of {@link SlidingWindowLog#DEFAULT_MAX_ENTRIES}. */
  public static Algorithms standard() {
    return standard(SlidingWindowLog.DEFAULT_MAX_ENTRIES);
  }

  /**
   * The five built-in algorithms.
   *
   * @param maxLogEntries the entries that a {@link SlidingWindowLog} may hold. Rows written under a
   *     limit that needs more are refused when read, so do not lower it while such rows live.
   * @throws IllegalArgumentException as {@link SlidingWindowLog#SlidingWindowLog(int)} does
   */
  public static Algorithms standard(int maxLogEntries) {
    Map<String, Algorithm<?>> all = new LinkedHashMap<>();
    for (Algorithm<?> algorithm :
        List.of(
            new FixedWindow(),
            new TokenBucket(),
            new LeakyBucket(),
            new SlidingWindowLog(maxLogEntries),
            new SlidingWindowCounter())) {
      all.put(algorithm.name(), algorithm);
    }
    return new Algorithms(all);
  }

  /**
   * These algorithms and one of the user's own.
   *
   * @throws IllegalArgumentException if the name is taken or not made of lower-case letters, digits
   *     and underscores
   */
  public Algorithms with(Algorithm<CustomState> algorithm) {
    String name = algorithm.name();
    if (byName.containsKey(name)) {
      throw taken(name);
    }
    requireUsable(algorithm);
    Map<String, Algorithm<?>> all = new LinkedHashMap<>(byName);
    all.put(name, algorithm);
    return new Algorithms(all);
  }

  /**
   * Checks that an algorithm can be told from these by its name, as rules files and rows do.
   *
   * @throws IllegalArgumentException if another one has its name, or the name is not made of
   *     lower-case letters, digits and underscores
   */
  public void requireUsable(Algorithm<?> algorithm) {
    String name = algorithm.name();
    if (!name.matches("[a-z][a-z0-9_]{0,63}")) {
      throw new IllegalArgumentException(
          "'" + name + "' is no algorithm name: use lower-case letters, digits and underscores");
    }
    Algorithm<?> known = byName.get(name);
    if (known != null && !known.getClass().equals(algorithm.getClass())) {
      throw taken(name);
    }
  }

  private static IllegalArgumentException taken(String name) {
    return new IllegalArgumentException("there is an algorithm '" + name + "' already");
  }

  /** The algorithm of that name. */
  public Optional<Algorithm<?>> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All names, built-in ones first. */
  public Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }
}
