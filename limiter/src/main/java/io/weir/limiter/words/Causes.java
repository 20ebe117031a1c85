package io.weir.limiter.words;

import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds what is behind a failure, for messages. Stateless and thread-safe. Public for Weir's own
 * packages, and no part of what the library is for.
 */
public final class Causes {
  private Causes() {}

  /** What is at the bottom of a failure, such as a connection that was refused; or it itself. */
  public static Throwable root(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .reduce(failure, (upper, lower) -> lower);
  }
}
