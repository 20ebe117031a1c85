package io.weir.streams.topology;

/** Judges checks in the task that matched them. */
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
