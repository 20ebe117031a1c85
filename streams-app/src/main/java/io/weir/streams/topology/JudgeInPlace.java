package io.weir.streams.topology;

/** Judges checks by the rows of the task at hand, and sends what was decided. */
record JudgeInPlace(LimitJudge judge, DecisionSender decisions) implements CheckTaker {

  @Override
  public void take(RequestCheck check, long timestampMillis) {
    decisions.send(
        check.requestId(),
        check.domain(),
        true,
        judge.judge(check, timestampMillis),
        timestampMillis);
  }

  @Override
  public void close() {
    judge.close();
  }
}
