package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.CountdownAlgorithm;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final long NOON = 1_700_000_040_000L; // a whole minute
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Judge judge = new Judge();
  private final Map<KeyText, StoredLimit> rows = new HashMap<>();

  @Test
  void allowedRequestChargesEveryLimitAndListsTheTightestFirst() {
    ApplicableLimit wide = limit("wide", fixed(10), LimitMode.ENFORCED);
    ApplicableLimit tight = limit("tight", fixed(3), LimitMode.ENFORCED);

    Decision decision = decide(NOON, 2, wide, tight);

    assertThat(decision.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decision.reason()).isEqualTo(Reason.WITHIN_LIMIT);
    assertThat(decision.statuses()).extracting(LimitStatus::rule).containsExactly("tight", "wide");
    assertThat(decision.statuses()).extracting(LimitStatus::remaining).containsExactly(1L, 8L);
    assertThat(decision.retryAfterMillis()).isEmpty();
    assertThat(rows).hasSize(2);
  }

  @Test
  void deniedRequestConsumesNothing() {
    ApplicableLimit wide = limit("wide", fixed(10), LimitMode.ENFORCED);
    ApplicableLimit tight = limit("tight", fixed(1), LimitMode.ENFORCED);
    decide(NOON, 1, wide, tight);
    Map<KeyText, StoredLimit> before = Map.copyOf(rows);

    Decision decision = decide(NOON + 1, 1, wide, tight);

    assertThat(decision.verdict()).isEqualTo(Verdict.DENY);
    assertThat(decision.reason()).isEqualTo(Reason.OVER_LIMIT);
    assertThat(decision.statuses()).extracting(LimitStatus::rule).containsExactly("tight", "wide");
    assertThat(decision.statuses()).extracting(LimitStatus::remaining).containsExactly(0L, 9L);
    assertThat(decision.retryAfterMillis()).hasValue(59_999);
    assertThat(rows).isEqualTo(before);
  }

  @Test
  void peekSaysWhatCostOneWouldGetAndConsumesNothing() {
    ApplicableLimit one = limit("one", fixed(1), LimitMode.ENFORCED);

    assertThat(decide(NOON, 0, one).verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decide(NOON, 0, one).statuses().get(0).remaining()).isEqualTo(1);
    assertThat(rows).isEmpty();

    decide(NOON, 1, one);
    assertThat(decide(NOON, 0, one).verdict()).isEqualTo(Verdict.DENY);
  }

  @Test
  void costAboveTheLimitNeverFitsAndHasNoRetryTime() {
    ApplicableLimit three = limit("three", fixed(3), LimitMode.ENFORCED);
    ApplicableLimit nine = limit("nine", fixed(9), LimitMode.ENFORCED);

    Decision decision = decide(NOON, 4, nine, three);

    assertThat(decision.reason()).isEqualTo(Reason.NEVER_FITS);
    assertThat(decision.retryAfterMillis()).isEmpty();
    assertThat(decision.statuses().get(0).rule()).isEqualTo("three");
    assertThat(decision.statuses().get(0).retryAfterMillis()).isEmpty();
    assertThat(rows).isEmpty();
  }

  @Test
  void waitIsTheLongestOfTheEnforcedLimits() {
    ApplicableLimit second =
        limit("second", Limit.of(new FixedWindow(), 1, Duration.ofSeconds(1)), LimitMode.ENFORCED);
    ApplicableLimit minute = limit("minute", fixed(1), LimitMode.ENFORCED);
    decide(NOON, 1, second, minute);

    Decision decision = decide(NOON + 400, 1, second, minute);

    assertThat(decision.retryAfterMillis()).hasValue(59_600);
    assertThat(decision.statuses())
        .extracting(LimitStatus::rule)
        .containsExactly("minute", "second");
    assertThat(decision.statuses().get(1).retryAfterMillis()).hasValue(600);
  }

  @Test
  void shadowLimitNeverDeniesAndIsNotChargedWhenExhausted() {
    ApplicableLimit shadow = limit("shadow", fixed(1), LimitMode.SHADOW);
    ApplicableLimit plain = limit("plain", fixed(5), LimitMode.ENFORCED);
    decide(NOON, 1, shadow, plain);
    StoredLimit exhausted = rows.get(KeyText.of("api/u=1|#shadow"));

    Decision decision = decide(NOON, 1, shadow, plain);

    assertThat(decision.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decision.reason()).isEqualTo(Reason.SHADOW_OVER_LIMIT);
    assertThat(decision.retryAfterMillis()).isEmpty();
    assertThat(decision.statuses())
        .extracting(LimitStatus::rule)
        .containsExactly("plain", "shadow");
    assertThat(decision.statuses().get(0).remaining()).isEqualTo(3);
    assertThat(decision.statuses().get(1).verdict()).isEqualTo(Verdict.DENY);
    assertThat(rows.get(KeyText.of("api/u=1|#shadow"))).isEqualTo(exhausted);
  }

  @Test
  void quotaLimitsDenyOnlyWhereAllOfThemDo() {
    ApplicableLimit small = limit("small", fixed(1), LimitMode.QUOTA);
    ApplicableLimit large = limit("large", fixed(2), LimitMode.QUOTA);

    assertThat(decide(NOON, 1, small, large).reason()).isEqualTo(Reason.WITHIN_LIMIT);
    Decision second = decide(NOON, 1, small, large);
    Decision third = decide(NOON + 10, 1, small, large);

    assertThat(second.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(second.reason()).isEqualTo(Reason.QUOTA_OVER_LIMIT);
    assertThat(third.verdict()).isEqualTo(Verdict.DENY);
    assertThat(third.retryAfterMillis()).hasValue(59_990);
  }

  @Test
  void quotaWaitIsThatOfTheLimitThatIsReadyFirst() {
    ApplicableLimit second =
        limit("second", Limit.of(new FixedWindow(), 1, Duration.ofSeconds(1)), LimitMode.QUOTA);
    ApplicableLimit minute = limit("minute", fixed(1), LimitMode.QUOTA);
    ApplicableLimit none = limit("none", fixed(0), LimitMode.QUOTA);
    decide(NOON, 1, second, minute, none);

    assertThat(decide(NOON, 1, second, minute, none).retryAfterMillis()).hasValue(1_000);
    assertThat(decide(NOON, 1, none).reason()).isEqualTo(Reason.NEVER_FITS);
  }

  @Test
  void theLimitThatIsWaitedForComesFirst() {
    ApplicableLimit plain = limit("plain", perSeconds(1, 1), LimitMode.ENFORCED);
    ApplicableLimit small = limit("small", perSeconds(1, 86_400), LimitMode.QUOTA);
    ApplicableLimit large = limit("large", perSeconds(100, 86_400), LimitMode.QUOTA);
    decide(NOON, 1, plain, small, large);

    Decision byPlain = decide(NOON, 1, plain, small, large);

    assertThat(byPlain.retryAfterMillis()).hasValue(1_000);
    assertThat(byPlain.statuses())
        .extracting(LimitStatus::rule)
        .containsExactly("plain", "small", "large");
  }

  @Test
  void ofQuotaLimitsThatAllRefuseTheSoonestComesFirst() {
    ApplicableLimit shadow = limit("shadow", perSeconds(1, 3_600), LimitMode.SHADOW);
    ApplicableLimit daily = limit("daily", perSeconds(1, 86_400), LimitMode.QUOTA);
    ApplicableLimit secondly = limit("secondly", perSeconds(1, 1), LimitMode.QUOTA);
    decide(NOON, 1, shadow, daily, secondly);

    Decision decision = decide(NOON, 1, shadow, daily, secondly);

    assertThat(decision.retryAfterMillis()).hasValue(1_000);
    assertThat(decision.statuses())
        .extracting(LimitStatus::rule)
        .containsExactly("secondly", "daily", "shadow");
  }

  @Test
  void enforcedLimitDeniesWhateverQuotaLimitsSay() {
    ApplicableLimit plain = limit("plain", fixed(1), LimitMode.ENFORCED);
    ApplicableLimit quota = limit("quota", fixed(5), LimitMode.QUOTA);
    decide(NOON, 1, plain, quota);

    Decision decision = decide(NOON, 1, plain, quota);

    assertThat(decision.verdict()).isEqualTo(Verdict.DENY);
    assertThat(decision.statuses().get(1).remaining()).isEqualTo(4);
  }

  @Test
  void delayIsTheLongestOverLeakyBucketsButNotOfShadowOnes() {
    ApplicableLimit slow = limit("slow", leaky(1), LimitMode.ENFORCED);
    ApplicableLimit quick = limit("quick", leaky(10), LimitMode.ENFORCED);
    ApplicableLimit shadow =
        limit("shadow", Limit.of(new LeakyBucket(), 5, Duration.ofDays(1)), LimitMode.SHADOW);
    decide(NOON, 1, slow, quick, shadow);

    Decision decision = decide(NOON, 1, slow, quick, shadow);

    assertThat(decision.delayMillis()).isEqualTo(1_000);
    assertThat(decision.statuses()).extracting(LimitStatus::delayMillis).contains(100L);
  }

  @Test
  void lateRequestIsJudgedAtTheLastAdmissionAndItsWaitCountsFromItsOwnTime() {
    ApplicableLimit one = limit("one", fixed(1), LimitMode.ENFORCED);
    decide(NOON + 30_000, 1, one);

    Decision late = decide(NOON - 10, 1, one);

    assertThat(late.nowMillis()).isEqualTo(NOON + 30_000);
    assertThat(late.timestampMillis()).isEqualTo(NOON - 10);
    assertThat(late.verdict()).isEqualTo(Verdict.DENY);
    assertThat(late.retryAfterMillis()).hasValue(60_010);
  }

  @Test
  void requestBelowTheFloorIsJudgedAtTheFloor() {
    ApplicableLimit one = limit("one", fixed(1), LimitMode.ENFORCED);

    Judgement judgement = judge.judge(check(NOON - 500, NOON, 1, one), key -> Optional.empty());

    assertThat(judgement.decision().nowMillis()).isEqualTo(NOON);
    assertThat(judgement.writes().get(0).row().state().lastMillis()).isEqualTo(NOON);
  }

  @Test
  void changedLimitKeepsWhatWasUsedAndAnotherAlgorithmStartsAfresh() {
    decide(NOON, 4, limit("one", fixed(5), LimitMode.ENFORCED));

    Decision lowered = decide(NOON + 1, 1, limit("one", fixed(4), LimitMode.ENFORCED));
    Decision raised = decide(NOON + 2, 1, limit("one", fixed(8), LimitMode.ENFORCED));
    Decision bucket =
        decide(
            NOON + 3, 1, limit("one", Limit.of(new TokenBucket(), 8, MINUTE), LimitMode.ENFORCED));

    assertThat(lowered.verdict()).isEqualTo(Verdict.DENY);
    assertThat(raised.statuses().get(0).remaining()).isEqualTo(3);
    assertThat(bucket.statuses().get(0).remaining()).isEqualTo(7);
  }

  @Test
  void rowOfAnotherAlgorithmOfTheSameNameCountsForNothing() {
    Limit own = Limit.of(new CountdownAlgorithm("fixed_window"), 5, MINUTE);
    decide(NOON, 4, limit("one", own, LimitMode.ENFORCED));

    Decision decision = decide(NOON, 1, limit("one", fixed(5), LimitMode.ENFORCED));

    assertThat(decision.statuses().get(0).remaining()).isEqualTo(4);
  }

  @Test
  void usageIsThatOfTheRowUnderTheLimitInForce() {
    decide(NOON, 4, limit("one", fixed(5), LimitMode.ENFORCED));
    Optional<StoredLimit> row = Optional.ofNullable(rows.get(KeyText.of("api/u=1|#one")));

    assertThat(judge.usage(fixed(9), row, NOON + 5)).isEqualTo(new Usage(5, NOON + 60_000));
    assertThat(judge.usage(fixed(9), Optional.empty(), NOON + 5)).isEqualTo(new Usage(9, NOON + 5));
  }

  @Test
  void usageIsNotOfATimeBeforeTheLastAdmission() {
    Limit bucket = Limit.of(new TokenBucket(), 1, Duration.ofSeconds(1)).withBurst(500);
    decide(NOON, 500, limit("one", bucket, LimitMode.ENFORCED));
    Optional<StoredLimit> row = Optional.ofNullable(rows.get(KeyText.of("api/u=1|#one")));

    assertThat(judge.usage(bucket, row, NOON - 5_000)).isEqualTo(judge.usage(bucket, row, NOON));
  }

  @Test
  void checkWithoutLimitsOrWithNegativeNumbersIsRefused() {
    ApplicableLimit one = limit("one", fixed(1), LimitMode.ENFORCED);
    assertThatThrownBy(() -> check(NOON, 0, 1)).hasMessageContaining("at least one limit");
    assertThatThrownBy(() -> check(NOON, 0, -1, one)).hasMessageContaining("cost is -1");
    assertThatThrownBy(() -> check(-1, 0, 1, one)).hasMessageContaining("the time -1");
  }

  @Test
  void anAllowedRequestListsWhatAdmitsThenRefusingQuotasThenShadows() {
    ApplicableLimit shadow = limit("shadow", fixed(1), LimitMode.SHADOW);
    ApplicableLimit spent = limit("spent", fixed(1), LimitMode.QUOTA);
    ApplicableLimit plain = limit("plain", fixed(9), LimitMode.ENFORCED);
    ApplicableLimit quota = limit("quota", fixed(5), LimitMode.QUOTA);
    decide(NOON, 1, shadow, spent, plain, quota);

    Decision decision = decide(NOON, 1, shadow, spent, plain, quota);

    assertThat(decision.isAllowed()).isTrue();
    assertThat(decision.statuses())
        .extracting(LimitStatus::rule)
        .containsExactly("quota", "plain", "spent", "shadow");
  }

  @Test
  void aDenialListsWhatIsWaitedForThenOtherRefusalsThenWhatAdmitsThenShadows() {
    ApplicableLimit shadow = limit("shadow", perSeconds(1, 1_000_000), LimitMode.SHADOW);
    ApplicableLimit wide = limit("wide", fixed(9), LimitMode.ENFORCED);
    ApplicableLimit soon = limit("soon", fixed(1), LimitMode.QUOTA);
    ApplicableLimit late = limit("late", perSeconds(1, 86_400), LimitMode.QUOTA);
    ApplicableLimit plain = limit("plain", perSeconds(1, 1), LimitMode.ENFORCED);
    decide(NOON, 1, shadow, wide, soon, late, plain);

    Decision decision = decide(NOON + 1, 1, shadow, wide, soon, late, plain);

    assertThat(decision.isAllowed()).isFalse();
    assertThat(decision.statuses())
        .extracting(LimitStatus::rule)
        .containsExactly("soon", "plain", "late", "wide", "shadow");
  }

  @Test
  void rowsOfAnotherAlgorithmCountForNothingEvenIfTheirStatesAreAlike() {
    Limit one = Limit.of(new CountdownAlgorithm("one"), 1, MINUTE);
    Limit other = Limit.of(new CountdownAlgorithm("other"), 1, MINUTE);
    decide(NOON, 1, limit("mine", one, LimitMode.ENFORCED));

    assertThat(decide(NOON, 1, limit("mine", one, LimitMode.ENFORCED)).isAllowed()).isFalse();
    assertThat(decide(NOON, 1, limit("mine", other, LimitMode.ENFORCED)).isAllowed()).isTrue();
  }

  @Test
  void refundGivesBackToEveryLimitAndListsTheTightestFirst() {
    ApplicableLimit shadow = limit("shadow", fixed(3), LimitMode.SHADOW);
    ApplicableLimit wide = limit("wide", fixed(10), LimitMode.ENFORCED);
    ApplicableLimit tight = limit("tight", fixed(5), LimitMode.QUOTA);
    decide(NOON, 3, shadow, wide, tight);

    Decision decision = refund(NOON + 7, NOON, 2, shadow, wide, tight);

    assertThat(decision.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decision.reason()).isEqualTo(Reason.REFUNDED);
    assertThat(decision.identifier()).contains("api/u=1");
    assertThat(decision.rulesRevision()).isEqualTo(7);
    assertThat(decision.timestampMillis()).isEqualTo(NOON + 7);
    assertThat(decision.nowMillis()).isEqualTo(NOON + 7);
    assertThat(decision.retryAfterMillis()).isEmpty();
    assertThat(decision.delayMillis()).isZero();
    assertThat(decision.statuses())
        .extracting(LimitStatus::rule)
        .containsExactly("tight", "wide", "shadow");
    assertThat(decision.statuses()).extracting(LimitStatus::remaining).containsExactly(4L, 9L, 2L);
    assertThat(decision.statuses()).extracting(LimitStatus::verdict).containsOnly(Verdict.ALLOW);
    assertThat(decide(NOON + 8, 0, wide, tight).statuses())
        .extracting(LimitStatus::remaining)
        .containsExactly(4L, 9L);
  }

  @Test
  void refundWritesOnlyWhatItChanges() {
    ApplicableLimit hit = limit("hit", fixed(5), LimitMode.ENFORCED);
    ApplicableLimit absent = limit("absent", fixed(5), LimitMode.ENFORCED);
    ApplicableLimit other =
        limit("other", Limit.of(new FixedWindow(), 5, Duration.ofSeconds(1)), LimitMode.ENFORCED);
    decide(NOON, 3, hit, other);

    Judgement judgement =
        judge.refund(
            check(NOON + 2_000, 0, 1, hit, absent, other),
            NOON + 2_000,
            key -> Optional.ofNullable(rows.get(key)));

    assertThat(judgement.writes())
        .extracting(Judgement.Write::key)
        .containsExactly(KeyText.of("api/u=1|#hit"));
    assertThat(judgement.writes().get(0).row().state().lastMillis()).isEqualTo(NOON);
  }

  @Test
  void refundKeepsARowUnderItsOwnNumbersAndLeavesThatOfAnotherAlgorithm() {
    decide(NOON, 4, limit("one", fixed(5), LimitMode.ENFORCED));
    Limit bucket = Limit.of(new TokenBucket(), 8, MINUTE);
    Limit own = Limit.of(new CountdownAlgorithm("fixed_window"), 5, MINUTE);

    for (Limit other : List.of(bucket, own)) {
      Map<KeyText, StoredLimit> before = Map.copyOf(rows);
      Decision decision = refund(NOON, NOON, 4, limit("one", other, LimitMode.ENFORCED));
      assertThat(decision.statuses().get(0).remaining()).isEqualTo(other.burst());
      assertThat(rows).isEqualTo(before);
    }
    Decision lowered = refund(NOON, NOON, 2, limit("one", fixed(3), LimitMode.ENFORCED));

    assertThat(lowered.statuses().get(0).remaining()).isEqualTo(1);
    assertThat(rows.values()).extracting(StoredLimit::limit).containsExactly(fixed(5));
  }

  @Test
  void lateRefundIsAnsweredAsOfTheLastAdmission() {
    ApplicableLimit one = limit("one", fixed(5), LimitMode.ENFORCED);
    decide(NOON + 90, 3, one);

    assertThat(refund(NOON, NOON + 90, 1, one).nowMillis()).isEqualTo(NOON + 90);
  }

  @Test
  void senselessRefundsAreRefused() {
    ApplicableLimit one = limit("one", fixed(5), LimitMode.ENFORCED);
    assertThatThrownBy(() -> refund(NOON, NOON, 0, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the cost of a refund is 0; it must be the tokens to give back, 1 or more");
    assertThatThrownBy(() -> refund(NOON, -1, 1, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the time of the charge that is refunded is -1; it must be a time in milliseconds since"
                + " the epoch, 0 or more");
    assertThat(refund(NOON, 0, 1, one).isAllowed()).isTrue();
  }

  @Test
  void resetAnswersWithFreshLimitsTheTightestFirst() {
    ApplicableLimit wide = limit("wide", fixed(10), LimitMode.ENFORCED);
    ApplicableLimit tight = limit("tight", fixed(5), LimitMode.ENFORCED);
    Match match =
        new Match(
            List.of(
                new IdentifierLimits(KeyText.of("api/ip=1"), List.of()),
                new IdentifierLimits(KeyText.of("api/u=1"), List.of(wide, tight))),
            true,
            7);

    Decision decision = judge.reset(match, NOON, NOON + 5);

    assertThat(decision.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decision.reason()).isEqualTo(Reason.RESET);
    assertThat(decision.identifier()).contains("api/ip=1");
    assertThat(decision.rulesRevision()).isEqualTo(7);
    assertThat(decision.timestampMillis()).isEqualTo(NOON);
    assertThat(decision.nowMillis()).isEqualTo(NOON + 5);
    assertThat(decision.statuses()).extracting(LimitStatus::rule).containsExactly("tight", "wide");
    assertThat(decision.statuses()).extracting(LimitStatus::remaining).containsExactly(5L, 10L);
    assertThat(decision.statuses()).extracting(LimitStatus::resetAtMillis).containsOnly(NOON + 5);
  }

  @Test
  void resetOfNobodyIsRefused() {
    assertThatThrownBy(() -> judge.reset(new Match(List.of(), false, 0), NOON, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no identifier is named");
  }

  @Test
  void theFirstMillisecondOfAllIsATime() {
    assertThat(decide(0, 1, limit("plain", fixed(1), LimitMode.ENFORCED)).nowMillis()).isZero();
  }

  private Decision decide(long timestampMillis, long cost, ApplicableLimit... limits) {
    Judgement judgement =
        judge.judge(
            check(timestampMillis, 0, cost, limits), key -> Optional.ofNullable(rows.get(key)));
    judgement.writes().forEach(write -> rows.put(write.key(), write.row()));
    return judgement.decision();
  }

  private Decision refund(
      long timestampMillis, long chargedAtMillis, long cost, ApplicableLimit... limits) {
    Judgement judgement =
        judge.refund(
            check(timestampMillis, 0, cost, limits),
            chargedAtMillis,
            key -> Optional.ofNullable(rows.get(key)));
    judgement.writes().forEach(write -> rows.put(write.key(), write.row()));
    return judgement.decision();
  }

  private static Check check(
      long timestampMillis, long floorMillis, long cost, ApplicableLimit... limits) {
    return new Check(KeyText.of("api/u=1"), List.of(limits), cost, timestampMillis, floorMillis, 7);
  }

  private static ApplicableLimit limit(String name, Limit limit, LimitMode mode) {
    return new ApplicableLimit(KeyText.of("api/u=1|#" + name), name, limit, mode);
  }

  private static Limit fixed(long requests) {
    return Limit.of(new FixedWindow(), requests, MINUTE);
  }

  private static Limit perSeconds(long requests, long seconds) {
    return Limit.of(new FixedWindow(), requests, Duration.ofSeconds(seconds));
  }

  private static Limit leaky(long requestsPerSecond) {
    return Limit.of(new LeakyBucket(), requestsPerSecond, Duration.ofSeconds(1)).withBurst(10);
  }
}
