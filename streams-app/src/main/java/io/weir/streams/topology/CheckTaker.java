package io.weir.streams.topology;

/** Takes a valid request with its limits: judges it here, or sends it where it is judged. */
@FunctionalInterface
interface CheckTaker extends AutoCloseable {
  /**
   * Takes one check.
   *
   * @param timestampMillis the request's own time, which is valid
   */
  void take(RequestCheck check, long timestampMillis);

  /** Ends what runs beside it, if anything does. */
  @Override
  default void close() {}
}
