package io.weir.streams.topology;

import io.weir.limiter.Answer;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.schemas.AnsweredLimit;
import io.weir.schemas.HeldUsage;
import io.weir.schemas.LimitAnswer;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers to the records of the repartition topic and back. Thread-safe. */
final class LimitAnswers {
  private final Algorithms algorithms;

  LimitAnswers(Algorithms algorithms) {
    this.algorithms = algorithms;
  }

  LimitAnswer toRecord(RequestCheck check, HoldRef hold, Answer answer) {
    return new LimitAnswer(
        check.requestId(),
        check.domain(),
        check.identifierText().toString(),
        hold.toRecord(),
        CheckTasks.name(check.task()),
        check.rulesRevision(),
        answer.nowMillis(),
        answer.limits().stream().map(LimitAnswers::toRecord).toList());
  }

  private static AnsweredLimit toRecord(Answer.LimitAnswer limit) {
    return new AnsweredLimit(
        Decisions.toRecord(limit.status()),
        limit
            .held()
            .map(usage -> new HeldUsage(usage.remaining(), usage.resetAtMillis()))
            .orElse(null));
  }

  /**
   * The answer of a record.
   *
   * @throws IllegalStateException if it names an algorithm that this instance does not know
   */
  Answer fromRecord(LimitAnswer answer) {
    return new Answer(
        KeyText.of(answer.getIdentifier()),
        answer.getLimits().stream().map(this::fromRecord).toList(),
        answer.getNowMs());
  }

  private Answer.LimitAnswer fromRecord(AnsweredLimit limit) {
    io.weir.schemas.LimitStatus status = limit.getStatus();
    Algorithm<?> algorithm =
        LimitChecks.known(algorithms, status.getAlgorithm(), () -> "an answer is");
    return new Answer.LimitAnswer(
        new LimitStatus(
            KeyText.of(status.getStateKey()),
            status.getRule(),
            new Limit(algorithm, status.getLimit(), status.getPeriodMs(), status.getBurst()),
            LimitMode.valueOf(status.getMode().name()),
            Verdict.valueOf(status.getVerdict().name()),
            status.getRemaining(),
            status.getResetAt().toEpochMilli(),
            status.getRetryAfterMs() == null
                ? OptionalLong.empty()
                : OptionalLong.of(status.getRetryAfterMs()),
            status.getDelayMs()),
        Optional.ofNullable(limit.getHeld())
            .map(held -> new Usage(held.getRemaining(), held.getResetAtMs())));
  }
}
