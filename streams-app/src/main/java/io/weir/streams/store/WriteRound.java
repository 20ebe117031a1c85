package io.weir.streams.store;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the writing of logged rows is, and what may be said of it. For the task's thread.
 *
 * <p>A round passes over all slots of memory, some at each commit, and writes what is found. When
 * it ends, all is written that was logged when it began: so the place in the changelog of then is
 * what the store has.
 */
final class WriteRound {
  private final long lengthNanos;
  private final LongSupplier nanoClock;
  private long lastNanos;
  private long passedSlots;
  private boolean isLoggedSinceCommit;
  private Optional<Map<TopicPartition, Long>> atStart = Optional.empty();
  private Optional<Map<TopicPartition, Long>> atCommit = Optional.empty();

  /**
   * A round.
   *
   * @param length how long it takes: as long a row may be logged and not yet written. 0: all rows
   *     are written at each commit
   */
  WriteRound(Duration length, LongSupplier nanoClock) {
    this.lengthNanos = length.toNanos();
    this.nanoClock = nanoClock;
    this.lastNanos = nanoClock.getAsLong();
  }

  /** Forgets what it knows: the store begins anew, or was told that it has nothing. */
  void reset() {
    lastNanos = nanoClock.getAsLong();
    passedSlots = 0;
    isLoggedSinceCommit = false;
    atStart = Optional.empty();
    atCommit = Optional.empty();
  }

  /** Rows were logged. */
  void logged() {
    isLoggedSinceCommit = true;
  }

  /** How many of the slots are to be passed now, for the time since the last time. */
  int share(int slots) {
    long nanos = nanoClock.getAsLong();
    long elapsedNanos = nanos - lastNanos;
    lastNanos = nanos;
    return elapsedNanos >= lengthNanos
        ? slots
        : (int) Math.ceil((double) slots * elapsedNanos / lengthNanos);
  }

  /** So many slots were passed, and what is logged in them is written. */
  void passed(int slots) {
    passedSlots += slots;
  }

  /**
   * A commit, which says where in the changelog the rows are that were logged.
   *
   * @param slots how many slots there are
   * @return what the store has of the changelog; empty where that is not known anew
   */
  Optional<Map<TopicPartition, Long>> commit(
      Map<TopicPartition, Long> changelogOffsets, int slots) {
    isLoggedSinceCommit = false;
    atCommit = Optional.of(changelogOffsets);
    if (slots == 0) {
      return atCommit;
    }
    if (atStart.isPresent() && passedSlots < slots) {
      return Optional.empty();
    }
    Optional<Map<TopicPartition, Long>> has = atStart;
    atStart = atCommit;
    passedSlots = 0;
    return has;
  }

  /**
   * What the store has of the changelog once all rows are written; empty where that is not known.
   */
  Optional<Map<TopicPartition, Long>> atClose() {
    return isLoggedSinceCommit ? Optional.empty() : atCommit;
  }
}
