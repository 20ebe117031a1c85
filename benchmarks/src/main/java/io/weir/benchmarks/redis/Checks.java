package io.weir.benchmarks.redis;

/** A competitor that is connected. Thread-safe. */
interface Checks extends AutoCloseable {

  /** One check of a user, on the thread of this call. */
  Answer check(String user);

  /** The key that it keeps a user in. */
  String key(String user);

  @Override
  void close();

  /** What came of a check. */
  enum Answer {
    ALLOWED,
    DENIED,
    /** It was decided without Redis. */
    UNANSWERED
  }
}
