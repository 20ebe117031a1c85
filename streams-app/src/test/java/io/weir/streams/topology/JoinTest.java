package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Answer;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JoinTest {
  private static final long TIME = 1_000_000;
  private static final HoldId ID = new HoldId(3, 14);
  private static final Limit LIMIT = Limit.of(new FixedWindow(), 5, Duration.ofMinutes(1));

  private final Join join =
      Join.of(
          new Join.Request(ID, "r-1", "api", Optional.empty(), 7, TIME, 2, Optional.empty()), 99);

  @Test
  void theLastAnswerDecides() {
    Join.Step first = join.answered(1, admits("api/ip=1"));
    assertThat(first.decision()).isEmpty();

    Join.Step last = first.next().answered(0, admits("api/user=1"));

    assertThat(last.next().isComplete()).isTrue();
    assertThat(last.next().verdict()).hasValue(Verdict.ALLOW);
    assertThat(last.releases()).isEmpty();
    Decision decision = last.decision().orElseThrow();
    assertThat(decision.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decision.identifier()).as("the first in rule order").hasValue("api/user=1");
    assertThat(decision.rulesRevision()).isEqualTo(7);
    assertThat(decision.statuses())
        .as("with the request counted")
        .extracting(LimitStatus::remaining)
        .containsExactly(3L, 3L);
  }

  @Test
  void aDenialGivesBackWhatTheOthersHold() {
    Join.Step last = join.answered(0, admits("api/user=1")).next().answered(1, denies("api/ip=1"));

    Decision decision = last.decision().orElseThrow();
    assertThat(decision.reason()).isEqualTo(Reason.OVER_LIMIT);
    assertThat(decision.retryAfterMillis()).hasValue(500);
    assertThat(decision.statuses().get(0).stateKey()).isEqualTo("api/ip=1|#");
    assertThat(decision.statuses().get(1).remaining())
        .as("without the request that was denied elsewhere")
        .isEqualTo(4);
    assertThat(last.releases())
        .containsExactly(
            new Join.Release(ID, KeyText.of("api/user=1"), List.of(KeyText.of("api/user=1|#"))));
  }

  @Test
  void anAnswerThatComesTwiceIsOne() {
    Join once = join.answered(0, admits("api/user=1")).next();

    Join.Step twice = once.answered(0, admits("api/user=1"));

    assertThat(twice).isEqualTo(new Join.Step(once, Optional.empty(), List.of()));
  }

  @Test
  void theSecondAnswerOfAnIdentifierTellsWhatIsHeldNow() {
    Join once = join.answered(0, admits("api/user=1")).next();

    Join.Step decided =
        once.answered(0, denies("api/user=1")).next().answered(1, admits("api/ip=1"));

    assertThat(decided.decision().orElseThrow().verdict()).isEqualTo(Verdict.DENY);
    assertThat(decided.releases())
        .containsExactly(
            new Join.Release(ID, KeyText.of("api/ip=1"), List.of(KeyText.of("api/ip=1|#"))));
  }

  @Test
  void whatWasAllowedStaysChargedWhateverComesTwice() {
    Join.Step decided =
        join.answered(0, admits("api/user=1")).next().answered(1, admits("api/ip=1"));

    Join.Step again = decided.next().answered(1, denies("api/ip=1"));

    assertThat(again.decision()).as("it may not have gone out").isEqualTo(decided.decision());
    assertThat(again.releases()).isEmpty();
    assertThat(again.next()).isEqualTo(decided.next());
  }

  @Test
  void whatIsHeldForADeniedRequestIsGivenBackOnceMore() {
    Join.Step decided =
        join.answered(0, admits("api/user=1")).next().answered(1, denies("api/ip=1"));

    Join.Step again = decided.next().answered(1, admits("api/ip=1"));

    assertThat(again.decision()).isEqualTo(decided.decision());
    assertThat(again.releases())
        .as("all that was, and what is held anew")
        .containsExactly(
            new Join.Release(ID, KeyText.of("api/user=1"), List.of(KeyText.of("api/user=1|#"))),
            new Join.Release(ID, KeyText.of("api/ip=1"), List.of(KeyText.of("api/ip=1|#"))));
  }

  @Test
  void afterATimeOutNothingElseIsDecidedThoughAllAnswersComeTwice() {
    Join timedOut = join.answered(0, admits("api/user=1")).next().timedOut().next();
    Join complete = timedOut.answered(1, admits("api/ip=1")).next();

    for (Join closed : List.of(timedOut, complete)) {
      Join.Step again = closed.answered(0, admits("api/user=1"));
      assertThat(again.decision()).isEmpty();
      assertThat(again.releases())
          .contains(
              new Join.Release(ID, KeyText.of("api/user=1"), List.of(KeyText.of("api/user=1|#"))));
    }
  }

  @Test
  void patienceEndsWithADenialAndWhatComesLateIsGivenBack() {
    Join waiting = join.answered(0, admits("api/user=1")).next();

    Join.Step timedOut = waiting.timedOut();

    Decision decision = timedOut.decision().orElseThrow();
    assertThat(decision.verdict()).isEqualTo(Verdict.DENY);
    assertThat(decision.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(decision.statuses()).extracting(LimitStatus::remaining).containsExactly(4L);
    assertThat(timedOut.releases())
        .containsExactly(
            new Join.Release(ID, KeyText.of("api/user=1"), List.of(KeyText.of("api/user=1|#"))));
    Join closed = timedOut.next();
    assertThat(closed.timedOut().decision()).as("no second decision").isEmpty();

    Join.Step late = closed.answered(1, admits("api/ip=1"));

    assertThat(late.decision()).isEmpty();
    assertThat(late.next().isComplete()).isTrue();
    assertThat(late.releases())
        .containsExactly(
            new Join.Release(ID, KeyText.of("api/ip=1"), List.of(KeyText.of("api/ip=1|#"))));
  }

  private static Answer admits(String identifier) {
    return answer(identifier, Verdict.ALLOW, OptionalLong.empty(), Optional.of(new Usage(3, TIME)));
  }

  private static Answer denies(String identifier) {
    return answer(identifier, Verdict.DENY, OptionalLong.of(500), Optional.empty());
  }

  private static Answer answer(
      String identifier, Verdict verdict, OptionalLong retryAfterMillis, Optional<Usage> held) {
    LimitStatus status =
        new LimitStatus(
            KeyText.of(identifier + "|#"),
            "rule",
            LIMIT,
            LimitMode.ENFORCED,
            verdict,
            verdict == Verdict.ALLOW ? 4 : 0,
            TIME,
            retryAfterMillis,
            0);
    return new Answer(KeyText.of(identifier), List.of(new Answer.LimitAnswer(status, held)), TIME);
  }
}
