package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Answer;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What may be admitted where limits change, refunds and resets come. */
class AdmittedTest {
  private static final long T = 1_700_000_000_000L;
  private static final Limit TWO = limit("token_bucket", 2);
  private static final Limit THREE = limit("token_bucket", 3);
  private static final Limit TWO_IN_A_WINDOW = limit("fixed_window", 2);

  private final List<Run.Step> steps = new ArrayList<>();
  private final Map<Run.Part, Run.Answered> answers = new HashMap<>();
  private final Map<String, Decision> decisions = new HashMap<>();

  @Test
  void noMoreThanTheLimit() {
    allow(TWO, 2);
    assertFits();

    allow(TWO, 1);
    assertDoesNotFit();
  }

  @Test
  void aRefundMakesRoomForItselfAndNoMore() {
    allow(TWO, 2);
    refund(TWO, 1, T);
    allow(TWO, 1);
    assertFits();

    allow(TWO, 1);
    assertDoesNotFit();
  }

  @Test
  void aRefundOfAnotherWindowMakesNoRoom() {
    allow(TWO_IN_A_WINDOW, 2);
    refund(TWO_IN_A_WINDOW, 1, T - 86_400_000L * 400);
    allow(TWO_IN_A_WINDOW, 1);
    assertDoesNotFit();
  }

  @Test
  void aRefundUnderAnotherAlgorithmMakesNoRoom() {
    allow(TWO, 2);
    refund(TWO_IN_A_WINDOW, 1, T);
    allow(TWO, 1);
    assertDoesNotFit();
  }

  @Test
  void aResetBeginsAfreshAndNoMore() {
    allow(TWO, 2);
    reset();
    allow(TWO, 2);
    assertFits();

    allow(TWO, 1);
    assertDoesNotFit();
  }

  @Test
  void otherNumbersBeginAStretch() {
    allow(TWO, 2);
    allow(THREE, 3);
    allow(TWO, 2);
    assertFits();

    allow(TWO, 1);
    assertDoesNotFit();
  }

  @Test
  void otherNumbersBeginAStretchThoughTheRequestWasDenied() {
    allow(TWO, 2);
    deny(THREE, 1);
    allow(TWO, 2);
    assertFits();
  }

  @Test
  void aDeniedRequestMakesNoRoom() {
    allow(TWO, 2);
    release(deny(TWO, 1));
    allow(TWO, 1);
    assertDoesNotFit();
  }

  @Test
  void aReleaseOfWhatARefundMayHaveTakenBeginsAStretch() {
    HoldId denied = deny(TWO_IN_A_WINDOW, 1);
    refund(TWO_IN_A_WINDOW, 1, T);
    allow(TWO_IN_A_WINDOW, 2);
    release(denied);
    allow(TWO_IN_A_WINDOW, 1);
    assertFits();
  }

  @Test
  void soDoesAReleaseOfWhatThatReleaseMayHaveGivenBack() {
    HoldId first = deny(TWO_IN_A_WINDOW, 1);
    refund(TWO_IN_A_WINDOW, 1, T);
    HoldId second = deny(TWO_IN_A_WINDOW, 1);
    release(first);
    allow(TWO_IN_A_WINDOW, 2);
    release(second);
    allow(TWO_IN_A_WINDOW, 1);
    assertFits();
  }

  @Test
  void aTokenBucketHasNoSuchExcuse() {
    HoldId denied = deny(TWO, 1);
    refund(TWO, 1, T);
    allow(TWO, 2);
    release(denied);
    allow(TWO, 1);
    assertDoesNotFit();
  }

  private void assertFits() {
    assertThatCode(() -> new Admitted(answers, decisions).assertFits(steps))
        .doesNotThrowAnyException();
  }

  private void assertDoesNotFit() {
    assertThatThrownBy(() -> new Admitted(answers, decisions).assertFits(steps))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is within its limits");
  }

  private void allow(Limit limit, long cost) {
    charge(limit, cost, Verdict.ALLOW);
  }

  /** What a limit holds that admits what another one denies. */
  private HoldId deny(Limit limit, long cost) {
    return charge(limit, cost, Verdict.DENY);
  }

  private HoldId charge(Limit limit, long cost, Verdict verdict) {
    HoldId id = new HoldId(0, steps.size());
    Run.Part part = new Run.Part(id, 0, 2);
    Run.Checked checked = add(Optional.of(part), new Run.Task.Charge(cost), limit);
    LimitStatus status =
        new LimitStatus(
            KeyText.of("api/user_id=1|#"),
            "users",
            limit,
            LimitMode.ENFORCED,
            Verdict.ALLOW,
            1,
            T,
            OptionalLong.empty(),
            0);
    Answer answer =
        new Answer(
            KeyText.of(checked.identifier()),
            List.of(new Answer.LimitAnswer(status, Optional.of(new Usage(1, T)))),
            T);
    answers.put(part, new Run.Answered(checked.requestId(), part, 0, T, answer));
    decisions.put(
        checked.requestId(),
        new Decision(
            verdict,
            verdict == Verdict.ALLOW ? Reason.WITHIN_LIMIT : Reason.OVER_LIMIT,
            Optional.empty(),
            Optional.of(KeyText.of(checked.identifier())),
            List.of(status),
            OptionalLong.empty(),
            0,
            0,
            T,
            T));
    return id;
  }

  private void refund(Limit limit, long cost, long chargedAtMillis) {
    add(Optional.empty(), new Run.Task.Refund(cost, chargedAtMillis), limit);
  }

  private void reset() {
    add(Optional.empty(), new Run.Task.Reset(), TWO);
  }

  private void release(HoldId id) {
    steps.add(new Run.Released(id, "api/user_id=1", List.of("api/user_id=1|#")));
  }

  private Run.Checked add(Optional<Run.Part> part, Run.Task task, Limit limit) {
    Run.Checked checked =
        new Run.Checked(
            "r" + steps.size(),
            part,
            task,
            "api/user_id=1",
            List.of(
                new ApplicableLimit(
                    KeyText.of("api/user_id=1|#"), "users", limit, LimitMode.ENFORCED)),
            T,
            0);
    steps.add(checked);
    return checked;
  }

  private static Limit limit(String algorithm, long requests) {
    long yearMillis = 365L * 86_400_000;
    return new Limit(
        TopicRecords.ALGORITHMS.find(algorithm).orElseThrow(), requests, yearMillis, requests);
  }
}
