package io.weir.streams.topology;

import static io.weir.streams.testkit.RequestPart.apiKey;
import static io.weir.streams.testkit.RequestPart.cost;
import static io.weir.streams.testkit.RequestPart.ip;
import static io.weir.streams.testkit.RequestPart.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weir.schemas.AnsweredLimit;
import io.weir.schemas.CheckTask;
import io.weir.schemas.Decision;
import io.weir.schemas.HeldUsage;
import io.weir.schemas.HoldRef;
import io.weir.schemas.HoldRelease;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.LimitMode;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.Verdict;
import io.weir.streams.testkit.WeirDriver;
import io.weir.streams.testkit.WeirTestKit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class SeveralIdentifiersTest {
  private static final String USERS_AND_ADDRESSES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: minute, requests_per_unit: 5}
        - key: ip
          rate_limit: {unit: minute, requests_per_unit: 2}
      """;

  private static final Instant START = WeirDriver.START;
  private static final Duration PATIENCE = HoldSettings.DEFAULT.joinTimeout();

  @Test
  void aRequestIsDecidedOnceByAllItsIdentifiers() {
    try (WeirTestKit weir = WeirTestKit.given(USERS_AND_ADDRESSES)) {
      weir.driver().request(event("r-1", Map.of("ip", "::1", "user_id", "1")), START);

      List<TestRecord<String, Decision>> decisions = weir.driver().decisions();
      assertThat(decisions).hasSize(1);
      assertThat(decisions.get(0).key()).as("the first in rule order").isEqualTo("api/user_id=1");
      assertThat(decisions.get(0).getRecordTime()).isEqualTo(START);
      Decision decision = decisions.get(0).value();
      assertThat(decision.getVerdict()).isEqualTo(Verdict.ALLOW);
      assertThat(decision.getStatuses())
          .as("the one with least left binds")
          .extracting(LimitStatus::getRule, LimitStatus::getRemaining)
          .containsExactly(tuple("api.ip", 1L), tuple("api.user_id", 4L));
      assertThat(weir.driver().releases()).isEmpty();
      assertThat(weir.driver().joins()).isZero();
    }
  }

  @Test
  void aDenialByOneConsumesFromNone() {
    try (WeirTestKit weir = WeirTestKit.given(USERS_AND_ADDRESSES)) {
      weir.request(user("1"), ip("::1"), cost(2)).isAllowed();

      weir.request(user("2"), ip("::1"))
          .isDenied()
          .hasReason(Reason.OVER_LIMIT)
          .isBoundBy("api.ip")
          .retriesAfter(Duration.ofMinutes(1));

      weir.peek(user("2")).hasRemaining(5);
      assertThat(weir.driver().releases())
          .singleElement()
          .satisfies(
              release -> {
                assertThat(release.key()).isEqualTo("api/user_id=2");
                assertThat(release.value())
                    .isEqualTo(
                        new HoldRelease(
                            "weir-test", "api/user_id=2", 0, 1L, List.of("api/user_id=2|#")));
              });
      assertThat(weir.driver().meters().get("weir.holds.released").counter().count()).isEqualTo(1);
    }
  }

  @Test
  void threeIdentifiersAreAllOrNothingToo() {
    String rules =
        USERS_AND_ADDRESSES
            + "  - {key: api_key, rate_limit: {unit: hour, requests_per_unit: 3}}\n";
    try (WeirTestKit weir = WeirTestKit.given(rules)) {
      weir.request(user("1"), ip("::1"), apiKey("k"), cost(2)).isAllowed().hasLimits(3);
      weir.request(user("1"), ip("::2"), apiKey("k"), cost(2)).isDenied().isBoundBy("api.api_key");
      weir.peek(user("1")).hasRemaining(3);
      weir.peek(ip("::2")).hasRemaining(2);
    }
  }

  @Test
  void aPeekHoldsNothing() {
    try (WeirTestKit weir = WeirTestKit.given(USERS_AND_ADDRESSES)) {
      weir.peek(user("1"), ip("::1")).isAllowed().hasLimits(2).hasRemaining(2);
      assertThat(weir.driver().changelog()).isEmpty();
    }
  }

  @Test
  void oneIdentifierIsNotJoined() {
    try (WeirTestKit weir = WeirTestKit.given(USERS_AND_ADDRESSES)) {
      weir.request(user("1")).isAllowed();
      assertThat(weir.driver().joinsChangelog()).isEmpty();
      weir.request(user("1"), ip("::1")).isAllowed();
      assertThat(weir.driver().joinsChangelog()).isNotEmpty();
    }
  }

  @Test
  void quotaLimitsDenyOnlyTogetherWhereverTheyLive() {
    try (WeirTestKit weir =
        WeirTestKit.given(
            """
            domain: api
            descriptors:
              - {key: user_id, quota_mode: true, rate_limit: {unit: minute, requests_per_unit: 1}}
              - {key: ip, quota_mode: true, rate_limit: {unit: minute, requests_per_unit: 2}}
            """)) {
      weir.request(user("1"), ip("::1")).isAllowed().hasReason(Reason.WITHIN_LIMIT);
      weir.request(user("1"), ip("::1")).isAllowed().hasReason(Reason.QUOTA_OVER_LIMIT);
      weir.request(user("1"), ip("::1")).isDenied().hasReason(Reason.OVER_LIMIT);
      weir.request(user("2"), ip("::1")).isAllowed().hasReason(Reason.QUOTA_OVER_LIMIT);
      weir.peek(user("2")).hasRemaining(0);
    }
  }

  @Test
  void shadowLimitsOfAnotherIdentifierNeverDeny() {
    try (WeirTestKit weir =
        WeirTestKit.given(
            """
            domain: api
            descriptors:
              - {key: user_id, shadow_mode: true, rate_limit: {unit: minute, requests_per_unit: 1}}
              - {key: ip, rate_limit: {unit: minute, requests_per_unit: 2}}
            """)) {
      weir.request(user("1"), ip("::1")).isAllowed().hasReason(Reason.WITHIN_LIMIT);
      weir.request(user("1"), ip("::1")).isAllowed().hasReason(Reason.SHADOW_OVER_LIMIT);
      weir.request(user("1"), ip("::1")).isDenied().isBoundBy("api.ip");
      weir.peek(user("1")).hasRemaining(0);
    }
  }

  @Test
  void aLimitOfOneIdentifierReplacesThatOfAnother() {
    try (WeirTestKit weir =
        WeirTestKit.given(
            """
            domain: api
            descriptors:
              - key: ip
                rate_limit: {name: addresses, unit: minute, requests_per_unit: 1}
              - key: user_id
                rate_limit: {unit: minute, requests_per_unit: 3, replaces: [{name: addresses}]}
            """)) {
      weir.request(user("1"), ip("::1"), cost(2)).isAllowed().hasLimits(1);
      weir.peek(ip("::1")).hasRemaining(1);
    }
  }

  @Test
  void patienceEndsWithADenialAndWhatComesLateIsGivenBack() {
    try (WeirTestKit weir = WeirTestKit.given(USERS_AND_ADDRESSES)) {
      weir.driver().answer("3-14", answer(0, "api/user_id=1"), START);
      weir.driver().wallClock(START.plus(PATIENCE).minusMillis(1));
      assertThat(weir.driver().decisions()).isEmpty();

      weir.driver().wallClock(START.plus(PATIENCE.multipliedBy(2)));

      TestRecord<String, Decision> decided = weir.driver().decisions().get(0);
      assertThat(decided.getRecordTime()).as("the request's own").isEqualTo(START);
      assertThat(decided.value().getVerdict()).isEqualTo(Verdict.DENY);
      assertThat(decided.value().getReason()).isEqualTo(Reason.TIMEOUT);
      assertThat(decided.value().getRequestId()).isEqualTo("r-9");
      assertThat(decided.value().getStatuses())
          .extracting(LimitStatus::getRemaining)
          .as("without what was held")
          .containsExactly(5L);
      assertThat(weir.driver().releases())
          .singleElement()
          .satisfies(
              release ->
                  assertThat(release.value())
                      .isEqualTo(
                          new HoldRelease(
                              "weir-test", "api/user_id=1", 3, 14L, List.of("api/user_id=1|#"))));
      assertThat(weir.driver().joins()).as("kept until the last answer").isOne();

      weir.driver().wallClock(START.plus(Duration.ofDays(2)));
      weir.driver().answer("3-14", answer(1, "api/ip=%3A%3A1"), START);

      assertThat(weir.driver().decisions()).as("there is one").isEmpty();
      assertThat(weir.driver().releases())
          .extracting(release -> release.value().getIdentifier())
          .containsExactly("api/ip=%3A%3A1");
      assertThat(weir.driver().joins()).isZero();
    }
  }

  @Test
  void manyJoinsAreClosedInStepsUntilAllAre() {
    int joins = 2_500;
    try (WeirTestKit weir = WeirTestKit.given(USERS_AND_ADDRESSES)) {
      for (int i = 0; i < joins; i++) {
        LimitAnswer answer =
            LimitAnswer.newBuilder(answer(0, "api/user_id=1"))
                .setHold(new HoldRef(3, (long) i, 0, 2, null))
                .build();
        weir.driver().answer("3-" + i, answer, START);
      }
      int decided = 0;
      for (int second = 0; decided < joins && second < 1_000; second++) {
        weir.driver().wallClock(START.plus(PATIENCE).plusSeconds(second));
        decided += weir.driver().decisions().size();
      }
      assertThat(decided).isEqualTo(joins);
      assertThat(weir.driver().releases()).hasSize(joins);
    }
  }

  @Test
  void whereAnswersRepeatDecidedRequestsAreRememberedForAWhile() {
    HoldSettings holds = HoldSettings.DEFAULT;
    HoldSettings repeating =
        new HoldSettings(holds.joinTimeout(), holds.holdTime(), holds.maxHolds(), true);
    try (WeirTestKit weir =
        WeirTestKit.with(setup -> setup.settings(settings -> settings.with(repeating)))
            .given(USERS_AND_ADDRESSES)) {
      weir.driver().answer("3-14", answer(0, "api/user_id=1"), START);
      weir.driver().answer("3-14", answer(1, "api/ip=%3A%3A1"), START);
      assertThat(weir.driver().decisions()).hasSize(1);

      weir.driver().answer("3-14", answer(1, "api/ip=%3A%3A1"), START);
      assertThat(weir.driver().decisions())
          .as("the same once more: the first may not have gone out")
          .extracting(decision -> decision.value().getReason())
          .containsExactly(Reason.WITHIN_LIMIT);
      weir.driver().wallClock(START.plus(PATIENCE.multipliedBy(2)));

      assertThat(weir.driver().decisions()).as("none by time-out").isEmpty();
      assertThat(weir.driver().releases()).as("it was allowed").isEmpty();
      weir.driver().wallClock(START.plus(holds.holdTime().multipliedBy(2)));
      assertThat(weir.driver().joins()).isZero();
    }
  }

  private static LimitAnswer answer(int index, String identifier) {
    LimitStatus status =
        new LimitStatus(
            "rule",
            identifier + "|#",
            "fixed_window",
            LimitMode.ENFORCED,
            Verdict.ALLOW,
            5L,
            60_000L,
            5L,
            5L,
            START,
            null,
            0L);
    return new LimitAnswer(
        "r-9",
        "api",
        identifier,
        new HoldRef(3, 14L, index, 2, null),
        CheckTask.CHARGE,
        0L,
        START.toEpochMilli(),
        List.of(
            new AnsweredLimit(status, new HeldUsage(4L, START.plusSeconds(60).toEpochMilli()))));
  }

  private static RequestEvent event(String requestId, Map<String, String> attributes) {
    return new RequestEvent(requestId, "api", attributes, 1L, Operation.CHECK, null);
  }
}
