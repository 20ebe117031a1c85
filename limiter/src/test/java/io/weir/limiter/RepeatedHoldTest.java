package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A check that comes once more, as it does at least once: it holds once, and loses nothing. */
class RepeatedHoldTest {
  private static final long START = 1_000_000;
  private static final HoldBounds BOUNDS = new HoldBounds(1_000_000, 10);
  private static final HoldId ID = new HoldId(0, 7);
  private static final KeyText KEY = KeyText.of("api/u=1|#");

  /** Ten tokens, one comes back each second. */
  private static final Limit LIMIT =
      new Limit(new TokenBucket(), 1, Duration.ofSeconds(1).toMillis(), 10);

  private final Judge judge = new Judge();
  private final Map<KeyText, StoredLimit> rows = new HashMap<>();

  @Test
  void holdsOnce() {
    Answer first = hold(START, 4);

    Answer again = hold(START, 4);

    assertThat(again).isEqualTo(first);
    assertThat(remaining(START)).isEqualTo(6);
    assertThat(again.heldKeys()).containsExactly(KEY);
  }

  @Test
  void keepsWhatItHoldsWhereItIsRefusedNow() {
    hold(START, 5);
    charge(START + 2_000, 4); // Two came back, so three of the five are still owed.
    charge(START + 2_000, 3);

    Answer again = hold(START + 2_000, 9);

    assertThat(again.limits().get(0).admits()).isFalse();
    assertThat(again.heldKeys()).as("for whoever denies it to give back").containsExactly(KEY);
    assertThat(remaining(START + 2_000)).isZero();
    assertThat(row().released(ID).map(row -> judge.usage(LIMIT, Optional.of(row), START + 2_000)))
        .hasValueSatisfying(usage -> assertThat(usage.remaining()).isEqualTo(3));
  }

  @Test
  void peeksHoldNothing() {
    assertThat(hold(START, 0).heldKeys()).isEmpty();
    assertThat(rows).isEmpty();
  }

  @Test
  void whoDidNotAnswerInTimeIsLeftOutOfADenial() {
    Answer answer = hold(START, 4);

    Decision decision = judge.timeOut(List.of(answer), 7, START - 1);

    assertThat(decision.verdict()).isEqualTo(Verdict.DENY);
    assertThat(decision.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(decision.identifier()).hasValue("api/u=1");
    assertThat(decision.retryAfterMillis()).as("nobody knows").isEmpty();
    assertThat(decision.rulesRevision()).isEqualTo(7);
    assertThat(decision.timestampMillis()).isEqualTo(START - 1);
    assertThat(decision.nowMillis()).isEqualTo(START);
    assertThat(decision.statuses())
        .extracting(LimitStatus::remaining)
        .as("without what is held")
        .containsExactly(10L);
  }

  private Answer hold(long timeMillis, long cost) {
    Judge.Held held = judge.hold(check(timeMillis, cost), ID, BOUNDS, this::find);
    held.writes().forEach(write -> rows.put(write.key(), write.row()));
    return held.answer();
  }

  private void charge(long timeMillis, long cost) {
    Judgement judgement = judge.judge(check(timeMillis, cost), this::find);
    assertThat(judgement.decision().isAllowed()).isTrue();
    judgement.writes().forEach(write -> rows.put(write.key(), write.row()));
  }

  private long remaining(long timeMillis) {
    return judge.usage(LIMIT, find(KEY), timeMillis).remaining();
  }

  private StoredLimit row() {
    return find(KEY).orElseThrow();
  }

  private Optional<StoredLimit> find(KeyText key) {
    return Optional.ofNullable(rows.get(key));
  }

  private static Check check(long timeMillis, long cost) {
    return new Check(
        KeyText.of("api/u=1"),
        List.of(new ApplicableLimit(KEY, "rule", LIMIT, LimitMode.ENFORCED)),
        cost,
        timeMillis,
        0,
        0);
  }
}
