package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {

  @Test
  void nothingIsDecidedWithoutAnswers() {
    assertThatThrownBy(() -> new Judge().decide(List.of(), 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a decision needs at least one answer");
  }

  @Test
  void answersOfIdentifiersThatTookNothingComeToWhatBecameOfAll() {
    Answer user = Answer.holdingNothing(KeyText.of("api/u=1"), reset("api/u=1", 8, 1_000));
    Answer address = Answer.holdingNothing(KeyText.of("api/i=1"), reset("api/i=1", 5, 1_002));
    assertThat(user.heldKeys()).isEmpty();

    Decision decision = new Judge().corrected(Reason.RESET, List.of(user, address), 7, 999);

    assertThat(decision.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decision.reason()).isEqualTo(Reason.RESET);
    assertThat(decision.identifier()).hasValue("api/u=1");
    assertThat(decision.rulesRevision()).isEqualTo(7);
    assertThat(decision.timestampMillis()).isEqualTo(999);
    assertThat(decision.nowMillis()).as("the latest of theirs").isEqualTo(1_002);
    assertThat(decision.statuses())
        .extracting(LimitStatus::remaining)
        .as("least left first")
        .containsExactly(5L, 8L);
  }

  @Test
  void whatIsTooOldIsAnsweredAsIsWanted() {
    Match match = match("api/u=1", 8);

    Decision decision = Decision.expired(match, Verdict.DENY, 1_000, 5_000);

    assertThat(decision.isAllowed()).isFalse();
    assertThat(decision.reason()).isEqualTo(Reason.EXPIRED);
    assertThat(decision.identifier()).hasValue("api/u=1");
    assertThat(decision.statuses()).isEmpty();
    assertThat(decision.nowMillis() - decision.timestampMillis()).isEqualTo(4_000);
    assertThat(Decision.expired(match, Verdict.ALLOW, 1_000, 5_000).isAllowed()).isTrue();
  }

  private static Decision reset(String identifier, long requests, long timeMillis) {
    return new Judge().reset(match(identifier, requests), timeMillis, 0);
  }

  private static Match match(String identifier, long requests) {
    Limit limit = Limit.of(new FixedWindow(), requests, Duration.ofMinutes(1));
    return new Match(
        List.of(
            new Match.IdentifierLimits(
                KeyText.of(identifier),
                List.of(
                    new ApplicableLimit(
                        KeyText.of(identifier + "|#"), "rule", limit, LimitMode.ENFORCED)))),
        true,
        7);
  }
}
