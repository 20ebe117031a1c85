package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.schemas.Decision;
import io.weir.schemas.LimitMode;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.Verdict;
import io.weir.streams.cli.CommandFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Help.Ansi;

class CorrectionTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @ParameterizedTest
  @EnumSource(Correction.class)
  void itsOwnReasonIsDone(Correction correction) {
    Decision answer = decision(correction == Correction.RESET ? Reason.RESET : Reason.REFUNDED);

    correction.requireDone(answer);
    assertThat(correction.isAnswered(request(correction), answer)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RESET  | NO_RULE   | no rule matches these attributes in the domain api; nothing was reset",
        "REFUND | NO_RULE   | no rule with a limit matches these attributes in the domain api;"
            + " nothing was given back",
        "REFUND | UNLIMITED | the rules that match have no limit; nothing was taken, and nothing"
            + " given back",
        "RESET  | TIMEOUT   | not all identifiers of the reset answered within join.timeout; it is"
            + " carried out late where they did not",
        "REFUND | UNKNOWN   | the answer to the refund is one that this version does not know",
      })
  void whatWasNotDoneIsAFailureThatSaysWhy(Correction correction, Reason reason, String message) {
    Decision answer = decision(reason);

    assertThat(correction.isAnswered(request(correction), answer)).isTrue();
    assertThat(catchThrowableOfType(CommandFailure.class, () -> correction.requireDone(answer)))
        .hasMessage(message);
  }

  @Test
  void whatWasRefusedIsToldInTheApplicationsWords() {
    Decision answer =
        Decision.newBuilder(decision(Reason.INVALID_REQUEST))
            .setVerdict(Verdict.DENY)
            .setMessage("there are 65 attributes; send at most 64")
            .build();

    assertThatThrownBy(() -> Correction.RESET.requireDone(answer))
        .hasMessage("the reset was refused: there are 65 attributes; send at most 64");
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"WITHIN_LIMIT", "OVER_LIMIT", "NEVER_FITS", "EXPIRED", "RESET"})
  void theDecisionOnAnotherRequestOfTheSameIdIsNoAnswer(Reason reason) {
    assertThat(Correction.REFUND.isAnswered(request(Correction.REFUND), decision(reason)))
        .isFalse();
  }

  @Test
  void theAnswerToSomebodyElseIsNoAnswer() {
    RequestEvent request = request(Correction.RESET);
    Decision answer = decision(Reason.RESET);

    assertThat(
            Correction.RESET.isAnswered(
                request, Decision.newBuilder(answer).setRequestId("r-2").build()))
        .isFalse();
    assertThat(
            Correction.RESET.isAnswered(
                request, Decision.newBuilder(answer).setDomain("web").build()))
        .isFalse();
  }

  @Test
  void whoWaitsInVainLearnsWhatWillBecomeOfIt() {
    CommandFailure failure = Correction.RESET.unanswered("r-1", "weir.decisions", "45s");

    assertThat(failure).hasMessage("no answer to request r-1 came on weir.decisions within 45s");
    assertThat(failure.hint())
        .hasValue(
            "is an instance running? When one comes to the request it is carried out; ./weir watch"
                + " --from-beginning --request-id r-1 shows the answer then");
  }

  @Test
  void anAnswerThatComesAgainIsCalledSo() {
    assertThat(Correction.REFUND.repeated(decision(Reason.REFUNDED)))
        .isEqualTo(
            "request r-1 was answered before; this is that answer, and nothing more was given"
                + " back");
  }

  @Test
  void aRefundSaysWhatCameBackToWhomAndHowTheLimitsStand() {
    RequestEvent request =
        RequestEvent.newBuilder(request(Correction.REFUND)).setCost(4).setChargedAt(NOON).build();
    Decision answer =
        Decision.newBuilder(decision(Reason.REFUNDED))
            .setStatuses(
                List.of(
                    status("per-ip", "api/ip=10.0.0.1|#", LimitMode.ENFORCED, 2, 1_500),
                    status("per-user", "api/user_id=42|#", LimitMode.SHADOW, 10, 0)))
            .build();

    assertThat(text(request, answer))
        .containsExactly(
            "api/user_id=42: refunded up to 4 tokens charged at 2026-01-01T12:00:00Z",
            "api/ip=10.0.0.1: refunded up to 4 tokens charged at 2026-01-01T12:00:00Z",
            "IDENTIFIER       RULE               LIMIT            REMAINING  FULL AGAIN",
            "api/user_id=42   per-user (shadow)  5 / 1s burst 10  10         now",
            "api/ip=10.0.0.1  per-ip             5 / 1s burst 10  2          in 1.5s");
  }

  @Test
  void aRefundOfOneTokenIsOneToken() {
    RequestEvent request =
        RequestEvent.newBuilder(request(Correction.REFUND)).setChargedAt(NOON).build();

    assertThat(text(request, decision(Reason.REFUNDED)).get(0))
        .isEqualTo("api/user_id=42: refunded up to 1 token charged at 2026-01-01T12:00:00Z");
  }

  @Test
  void aResetThatNoLimitIsShownForSaysWhy() {
    assertThat(text(request(Correction.RESET), decision(Reason.RESET)))
        .containsExactly(
            "api/user_id=42: reset",
            "No limit applies to these attributes alone; those further down are full again.");
  }

  private static List<String> text(RequestEvent request, Decision answer) {
    StringWriter out = new StringWriter();
    new CorrectionText(new PrintWriter(out), Ansi.OFF).print(request, answer);
    return out.toString().lines().toList();
  }

  private static RequestEvent request(Correction correction) {
    Operation operation = correction.operation();
    return new RequestEvent("r-1", "api", Map.of("user_id", "42"), 1L, operation, null);
  }

  private static Decision decision(Reason reason) {
    return Decision.newBuilder()
        .setRequestId("r-1")
        .setDomain("api")
        .setIdentifier("api/user_id=42")
        .setVerdict(Verdict.ALLOW)
        .setReason(reason)
        .setEventTime(NOON)
        .setEvaluationTime(NOON)
        .build();
  }

  private static LimitStatus status(
      String rule, String stateKey, LimitMode mode, long remaining, long untilFullMillis) {
    return LimitStatus.newBuilder()
        .setRule(rule)
        .setStateKey(stateKey)
        .setAlgorithm("token_bucket")
        .setMode(mode)
        .setVerdict(Verdict.ALLOW)
        .setLimit(5)
        .setPeriodMs(1_000)
        .setBurst(10)
        .setRemaining(remaining)
        .setResetAt(NOON.plusMillis(untilFullMillis))
        .build();
  }
}
