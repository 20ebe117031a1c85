package io.weir.streams.query;

import static io.weir.streams.query.FakeWeir.NOW;
import static io.weir.streams.query.FakeWeir.PER_MINUTE;
import static io.weir.streams.query.FakeWeir.PER_SECOND;
import static io.weir.streams.query.FakeWeir.missing;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Judge;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LimitReporterTest {
  private static final long WALL = NOW.toEpochMilli();
  private static final String KEY = "api/user_id=42|user_id=42";

  private final LimitReporter reporter = new LimitReporter(new Judge());

  @Test
  void aLimitThatNothingIsRememberedOfIsFullAndHasNoLastAdmission() {
    LimitReport report = only(PER_MINUTE, Map.of());

    assertThat(report.standing().remaining()).isEqualTo(10);
    assertThat(report.standing().resetAtMillis()).isEqualTo(WALL);
    assertThat(report.standing().lastAdmissionMillis()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(report.retryAfterMillis()).isEmpty();
  }

  @Test
  void aLimitRefillsUpToTheWallClock() {
    LimitReport report = only(PER_MINUTE, Map.of(KEY, missing(10, NOW.minusSeconds(12))));

    assertThat(report.standing().remaining()).isEqualTo(2);
    assertThat(report.standing().resetAtMillis()).isEqualTo(WALL + 48_000);
    assertThat(report.standing().lastAdmissionMillis()).hasValue(WALL - 12_000);
  }

  @Test
  void anExhaustedLimitSaysWhenItWouldAdmitAgain() {
    LimitReport report = only(PER_MINUTE, Map.of(KEY, missing(10, NOW.minusSeconds(2))));

    assertThat(report.verdict()).isEqualTo(Verdict.DENY);
    assertThat(report.retryAfterMillis()).hasValue(4_000);
    assertThat(report.standing().remaining()).isZero();
  }

  @Test
  void aWallClockBehindTheLastAdmissionDoesNotTakeTokensAway() {
    LimitReport report = only(PER_MINUTE, Map.of(KEY, missing(4, NOW.plusSeconds(30))));

    assertThat(report.evaluatedAtMillis()).isEqualTo(WALL + 30_000);
    assertThat(report.standing().remaining()).isEqualTo(6);
  }

  @Test
  void aRuleThatChangedReportsWhatItCarriesOver() {
    Limit raised = Limit.of(new TokenBucket(), 100, Duration.ofMinutes(1));

    LimitReport report = only(raised, Map.of(KEY, missing(10, NOW)));

    assertThat(report.standing().limit()).isEqualTo(100);
    assertThat(report.standing().remaining()).isEqualTo(90);
  }

  @Test
  void aRowOfAnotherAlgorithmLeavesTheLimitFreshButTheAdmissionKnown() {
    StoredLimit other = new StoredLimit(PER_SECOND, new FixedWindowState(2, WALL));

    LimitReport report = only(PER_MINUTE, Map.of(KEY, other));

    assertThat(report.standing().remaining()).isEqualTo(10);
    assertThat(report.standing().lastAdmissionMillis()).hasValue(WALL);
  }

  @Test
  void theBindingLimitComesFirst() {
    StoredLimit spent = new StoredLimit(PER_SECOND, new FixedWindowState(2, WALL));
    IdentifierLimits limits =
        new IdentifierLimits(
            KeyText.of("api/user_id=42"),
            List.of(applicable("a", PER_MINUTE), applicable("b", PER_SECOND)));

    List<LimitReport> reports =
        reporter.limits(
            "here:1",
            limits,
            7,
            WALL,
            key -> Optional.ofNullable(Map.of("b", spent).get(key.toString())));

    assertThat(reports).extracting(LimitReport::rule).containsExactly("b", "a");
  }

  @Test
  void eachRowIsAskedForOnce() {
    AtomicInteger asked = new AtomicInteger();
    IdentifierLimits limits =
        new IdentifierLimits(KeyText.of("api/user_id=42"), List.of(applicable(KEY, PER_MINUTE)));

    reporter.limits(
        "here:1",
        limits,
        7,
        WALL,
        key -> {
          asked.incrementAndGet();
          return Optional.empty();
        });

    assertThat(asked).hasValue(1);
  }

  @Test
  void rowsAreReportedUnderTheNumbersThatTheyWereWrittenUnder() {
    RowsAnswer answer =
        reporter.rows(
            "api/user_id=42",
            "here:1",
            new TreeMap<>(Map.of(KEY, missing(3, NOW.minusSeconds(6)))),
            10,
            WALL);

    assertThat(answer.truncated()).isFalse();
    assertThat(answer.rows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.stateKey()).isEqualTo(KEY);
              assertThat(row.algorithm()).isEqualTo("token_bucket");
              assertThat(row.remaining()).isEqualTo(8);
            });
  }

  @Test
  void rowsBeyondTheMostAreLeftOutAndTheAnswerSaysSo() {
    RowsAnswer answer =
        reporter.rows(
            "api/user_id=42",
            "here:1",
            new TreeMap<>(Map.of("a", missing(3, NOW), "b", missing(4, NOW))),
            1,
            WALL);

    assertThat(answer.truncated()).isTrue();
    assertThat(answer.rows()).extracting(Standing::stateKey).containsExactly("a");
  }

  private LimitReport only(Limit limit, Map<String, StoredLimit> rows) {
    IdentifierLimits limits =
        new IdentifierLimits(KeyText.of("api/user_id=42"), List.of(applicable(KEY, limit)));
    List<LimitReport> reports =
        reporter.limits(
            "here:1", limits, 7, WALL, key -> Optional.ofNullable(rows.get(key.toString())));
    assertThat(reports).hasSize(1);
    return reports.get(0);
  }

  private static ApplicableLimit applicable(String stateKey, Limit limit) {
    return new ApplicableLimit(KeyText.of(stateKey), stateKey, limit, LimitMode.ENFORCED);
  }
}
