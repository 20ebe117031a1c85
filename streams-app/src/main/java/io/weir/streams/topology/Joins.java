package io.weir.streams.topology;

import io.weir.limiter.Answer;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.PendingJoin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Joins to the records of their store and back. Thread-safe. */
final class Joins {
  private final LimitAnswers answers;

  Joins(LimitAnswers answers) {
    this.answers = answers;
  }

  /** What an answer is about. */
  Join.Request request(LimitAnswer answer, long timestampMillis) {
    HoldRef hold = HoldRef.of(answer.getHold());
    return new Join.Request(
        hold.id(),
        answer.getRequestId(),
        answer.getDomain(),
        correction(answer),
        answer.getRulesRevision(),
        timestampMillis,
        hold.count(),
        hold.requestKey());
  }

  private static Optional<Reason> correction(LimitAnswer answer) {
    return switch (answer.getTask()) {
      case CHARGE -> Optional.empty();
      case REFUND -> Optional.of(Reason.REFUNDED);
      case RESET -> Optional.of(Reason.RESET);
      case UNKNOWN ->
          throw new IllegalStateException(
              "an answer to request "
                  + answer.getRequestId()
                  + " is of a task that this instance does not know; a newer one wrote it");
    };
  }

  Join fromRecord(PendingJoin join) {
    SortedMap<Integer, Answer> byIndex = new TreeMap<>();
    for (LimitAnswer answer : join.getAnswers()) {
      byIndex.put(answer.getHold().getIndex(), answers.fromRecord(answer));
    }
    return new Join(
        request(join.getAnswers().get(0), join.getTimestampMs()),
        byIndex,
        Optional.ofNullable(join.getVerdict()).map(Joins::verdict),
        join.getStartMs());
  }

  /**
   * The record of a join.
   *
   * @param earlier the answers of its record until now
   * @param newest the one that came; it takes the place of an earlier one of its identifier
   */
  static PendingJoin with(List<LimitAnswer> earlier, LimitAnswer newest, Join join) {
    List<LimitAnswer> all = new ArrayList<>(earlier);
    all.removeIf(answer -> answer.getHold().getIndex() == newest.getHold().getIndex());
    all.add(newest);
    return record(all, join);
  }

  static PendingJoin record(List<LimitAnswer> answers, Join join) {
    return new PendingJoin(
        join.request().timestampMillis(),
        join.startMillis(),
        join.verdict().map(Decisions::toRecord).orElse(null),
        answers);
  }

  private static Verdict verdict(io.weir.schemas.Verdict verdict) {
    return Verdict.valueOf(verdict.name());
  }
}
