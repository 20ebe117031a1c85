package io.weir.streams.topology;

import io.weir.limiter.algorithm.HoldId;
import java.util.Optional;

/**
 * Which part of a request with several identifiers a check is.
 *
 * @param partition partition of the request's record
 * @param offset offset of the request's record
 * @param index which of the request's identifiers it is, in rule order, from 0
 * @param count how many identifiers the request has
 * @param requestKey the {@link RequestKey} that the request and its answers are keyed by, where
 *     duplicates are found
 */
record HoldRef(int partition, long offset, int index, int count, Optional<String> requestKey) {
  /** There is one requests topic, so it is not part of the id. */
  HoldId id() {
    return new HoldId(partition, offset);
  }

  /** The name of the request's join: the same for all its answers, and no other request's. */
  String joinName() {
    return partition + "-" + offset;
  }

  /** The key of answers: all of a request meet in one partition. */
  String answerKey() {
    return requestKey.orElseGet(this::joinName);
  }

  io.weir.schemas.HoldRef toRecord() {
    return new io.weir.schemas.HoldRef(partition, offset, index, count, requestKey.orElse(null));
  }

  static HoldRef of(io.weir.schemas.HoldRef hold) {
    return new HoldRef(
        hold.getPartition(),
        hold.getOffset(),
        hold.getIndex(),
        hold.getCount(),
        Optional.ofNullable(hold.getRequestKey()));
  }
}
