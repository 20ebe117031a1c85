package io.weir.streams.query;

/** Finds the instance that holds an identifier's state. Implementations are thread-safe. */
@FunctionalInterface
public interface KeyLocator {

  /**
   * Where the state of an identifier lives, as far as this instance knows.
   *
   * @param identifier domain, key and value, each percent-encoded: {@code api/user_id=42}
   */
  Location locate(String identifier);
}
