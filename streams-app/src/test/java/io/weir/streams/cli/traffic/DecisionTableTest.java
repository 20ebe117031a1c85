package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Decision;
import io.weir.schemas.LimitMode;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Reason;
import io.weir.schemas.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class DecisionTableTest {
  private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");

  @Test
  void aRowTellsOfTheIdentifierWhoseLimitBinds() {
    assertThat(row(decision().setStatuses(List.of(status("api/ip=x|#", "address"))).build()))
        .contains("api/ip=x", "address")
        .doesNotContain("user_id=42");
  }

  @Test
  void aRowWithoutLimitsTellsOfTheDecisionsIdentifier() {
    assertThat(row(decision().build())).contains("api/user_id=42");
  }

  @Test
  void aDecisionThatIsRepeatedIsMarked() {
    assertThat(row(decision().setDuplicate(true).build())).contains("OVER_LIMIT, again  ");
    assertThat(row(decision().build())).doesNotContain("again");
  }

  private static Decision.Builder decision() {
    return Decision.newBuilder()
        .setRequestId("r-1")
        .setDomain("api")
        .setIdentifier("api/user_id=42")
        .setVerdict(Verdict.DENY)
        .setReason(Reason.OVER_LIMIT)
        .setStatuses(List.of())
        .setRulesRevision(0)
        .setEventTime(TIME)
        .setEvaluationTime(TIME);
  }

  private static LimitStatus status(String stateKey, String rule) {
    return LimitStatus.newBuilder()
        .setStateKey(stateKey)
        .setRule(rule)
        .setAlgorithm("token_bucket")
        .setMode(LimitMode.ENFORCED)
        .setVerdict(Verdict.DENY)
        .setLimit(5)
        .setPeriodMs(1_000)
        .setBurst(5)
        .setRemaining(0)
        .setResetAt(TIME)
        .build();
  }

  private static String row(Decision decision) {
    StringWriter out = new StringWriter();
    new DecisionTable(new PrintWriter(out), Ansi.OFF, ZoneOffset.UTC).accept(decision);
    return out.toString();
  }
}
