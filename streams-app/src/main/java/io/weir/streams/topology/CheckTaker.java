package io.weir.streams.topology;

import java.util.List;

/** Takes a valid request with its limits: judges it here, or sends it where it is judged. */
@FunctionalInterface
interface CheckTaker extends AutoCloseable {
  /**
   * Takes the checks of one request.
   *
   * @param checks one for each of its identifiers, in rule order, at least one
   * @param timestampMillis the request's own time, which is valid
   * @throws InvalidRecordException if the limits cannot be asked for, for what the request is
   */
  void take(List<RequestCheck> checks, long timestampMillis) throws InvalidRecordException;

  /** Ends what runs beside it, if anything does. */
  @Override
  default void close() {}
}
