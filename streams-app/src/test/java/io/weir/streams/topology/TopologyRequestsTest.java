package io.weir.streams.topology;

import static io.weir.streams.testkit.RequestPart.attribute;
import static io.weir.streams.testkit.RequestPart.cost;
import static io.weir.streams.testkit.RequestPart.endpoint;
import static io.weir.streams.testkit.RequestPart.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Decision;
import io.weir.schemas.LimitMode;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.Verdict;
import io.weir.streams.testkit.WeirDriver;
import io.weir.streams.testkit.WeirTestKit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class TopologyRequestsTest {
  private static final String FIVE_A_MINUTE =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: minute, requests_per_unit: 5}
      """;

  @Test
  void decisionTellsAllThatAnAnswerNeeds() {
    try (WeirTestKit weir = WeirTestKit.given(FIVE_A_MINUTE)) {
      Instant time = WeirDriver.START.plusSeconds(7);
      weir.driver().wallClock(time);
      weir.driver()
          .request(
              new RequestEvent("r-1", "api", Map.of("user_id", "42/ü"), 2L, Operation.CHECK, null),
              time);
      TestRecord<String, Decision> record = weir.driver().decisions().get(0);
      assertThat(record.key()).isEqualTo("api/user_id=42%2F%C3%BC");
      assertThat(record.getRecordTime()).isEqualTo(time);
      assertThat(header(record, "request_id")).isEqualTo("r-1");
      LimitStatus status =
          new LimitStatus(
              "api.user_id",
              "api/user_id=42%2F%C3%BC|#",
              "fixed_window",
              LimitMode.ENFORCED,
              Verdict.ALLOW,
              5L,
              60_000L,
              5L,
              3L,
              WeirDriver.START.plusSeconds(60),
              null,
              0L);
      assertThat(record.value())
          .isEqualTo(
              new Decision(
                  "r-1",
                  "api",
                  "api/user_id=42%2F%C3%BC",
                  Verdict.ALLOW,
                  Reason.WITHIN_LIMIT,
                  null,
                  null,
                  0L,
                  java.util.List.of(status),
                  0L,
                  false,
                  time,
                  time,
                  false));
      assertThat(weir.driver().deadLetters()).isEmpty();
    }
  }

  @Test
  void decisionWithoutIdentifierIsKeyedByItsRequest() {
    try (WeirTestKit weir = WeirTestKit.given(FIVE_A_MINUTE)) {
      weir.driver()
          .request(
              new RequestEvent("r-1", "other", Map.of(), 1L, Operation.CHECK, null),
              WeirDriver.START);
      TestRecord<String, Decision> record = weir.driver().decisions().get(0);
      assertThat(record.key()).isEqualTo("r-1");
      assertThat(record.value().getIdentifier()).isNull();
      assertThat(record.value().getReason()).isEqualTo(Reason.NO_RULE);
      assertThat(header(record, "request_id")).isEqualTo("r-1");
    }
  }

  @Test
  void requestIsJudgedUnderTheRevisionOfItsDomain() {
    try (WeirTestKit weir = WeirTestKit.given(FIVE_A_MINUTE)) {
      assertThat(weir.request(user("42")).decision().getRulesRevision()).isZero();
      weir.apply(FIVE_A_MINUTE.replace("api", "mail"));
      weir.apply(FIVE_A_MINUTE);
      assertThat(weir.inDomain("api").request(user("42")).decision().getRulesRevision())
          .isEqualTo(2);
    }
  }

  @Test
  void unlimitedAndUnmatchedRequestsAreAllowedWithoutState() {
    try (WeirTestKit weir =
        WeirTestKit.given(
            """
            domain: api
            descriptors:
              - key: user_id
                value: admin
                rate_limit: {unlimited: true}
              - key: user_id
                rate_limit: {unit: minute, requests_per_unit: 1}
            """)) {
      weir.request(user("admin")).isAllowed().hasReason(Reason.UNLIMITED).hasLimits(0);
      weir.request(attribute("plan", "free")).isAllowed().hasReason(Reason.NO_RULE);
      weir.request().isAllowed().hasReason(Reason.NO_RULE);
      assertThat(weir.driver().changelog()).isEmpty();
    }
  }

  @Test
  void shadowRuleReportsAndNeverDenies() {
    try (WeirTestKit weir =
        WeirTestKit.given(
            FIVE_A_MINUTE.replace("- key: user_id", "- key: user_id\n    shadow_mode: true"))) {
      weir.request(user("42"), cost(5)).isAllowed().hasReason(Reason.WITHIN_LIMIT);
      weir.request(user("42")).isAllowed().hasReason(Reason.SHADOW_OVER_LIMIT);
      assertThat(
              weir.driver()
                  .meters()
                  .get("weir.shadow.denials")
                  .tags("domain", "api", "rule", "api.user_id")
                  .counter()
                  .count())
          .isEqualTo(1);
    }
  }

  @Test
  void quotaRulesDenyOnlyTogether() {
    try (WeirTestKit weir =
        WeirTestKit.given(
            """
            domain: api
            descriptors:
              - key: user_id
                quota_mode: true
                rate_limits:
                  - {name: small, unit: minute, requests_per_unit: 1}
                  - {name: large, unit: minute, requests_per_unit: 2}
            """)) {
      weir.request(user("42")).isAllowed().hasReason(Reason.WITHIN_LIMIT);
      weir.request(user("42")).isAllowed().hasReason(Reason.QUOTA_OVER_LIMIT);
      weir.request(user("42")).isDenied().hasReason(Reason.OVER_LIMIT);
    }
  }

  @Test
  void replacedRuleDoesNotApply() {
    try (WeirTestKit weir =
        WeirTestKit.given(
            """
            domain: api
            descriptors:
              - key: user_id
                rate_limit: {name: general, unit: minute, requests_per_unit: 1}
                descriptors:
                  - key: endpoint
                    value: /bulk
                    rate_limit:
                      name: bulk
                      replaces: [{name: general}]
                      unit: minute
                      requests_per_unit: 3
            """)) {
      weir.request(user("42"), endpoint("/bulk")).isAllowed().hasLimits(1).isBoundBy("bulk");
      weir.request(user("42"), endpoint("/bulk")).isAllowed().hasRemaining(1);
      weir.request(user("42")).isAllowed().isBoundBy("general");
      weir.request(user("42")).isDenied();
    }
  }

  @Test
  void sharedThresholdIsOneBudgetUnderThePattern() {
    try (WeirTestKit weir =
        WeirTestKit.given(
            """
            domain: api
            descriptors:
              - key: endpoint
                value: /files/*
                share_threshold: true
                rate_limit: {unit: minute, requests_per_unit: 2}
            """)) {
      weir.request(endpoint("/files/a")).isAllowed();
      assertThat(weir.request(endpoint("/files/b")).isAllowed().decision().getIdentifier())
          .isEqualTo("api/endpoint=%2Ffiles%2F*");
      weir.request(endpoint("/files/c")).isDenied();
    }
  }

  @Test
  void deniedRequestAndPeekWriteNothing() {
    try (WeirTestKit weir = WeirTestKit.given(FIVE_A_MINUTE)) {
      weir.request(user("42"), cost(5)).isAllowed();
      assertThat(weir.driver().changelog()).hasSize(1);
      weir.request(user("42")).isDenied();
      weir.peek(user("42")).isDenied();
      weir.peek(user("43")).isAllowed();
      assertThat(weir.driver().changelog()).isEmpty();
    }
  }

  @Test
  void lateRequestIsJudgedAtItsOwnTimeWithinTheLatenessAndAtTheFloorBeyond() {
    Duration lateness = Duration.ofMinutes(5);
    try (WeirTestKit weir = WeirTestKit.given(FIVE_A_MINUTE)) {
      weir.at(Duration.ofHours(1)).request(user("someone"), cost(1)).isAllowed();
      Decision within = weir.at(Duration.ofMinutes(56)).request(user("42")).isAllowed().decision();
      assertThat(within.getEvaluationTime()).isEqualTo(within.getEventTime());
      Decision beyond = weir.at(Duration.ofMinutes(10)).request(user("43")).isAllowed().decision();
      assertThat(beyond.getEventTime()).isEqualTo(WeirDriver.START.plus(Duration.ofMinutes(10)));
      assertThat(beyond.getEvaluationTime())
          .isEqualTo(WeirDriver.START.plus(Duration.ofHours(1)).minus(lateness));
      // Waits count from the request's own time: 45 minutes to the floor and one to the window.
      weir.request(user("43"), cost(5)).isDenied().retriesAfter(Duration.ofMinutes(46));
    }
  }

  @Test
  void lateRequestTakesNothingFromLaterOnes() {
    try (WeirTestKit weir = WeirTestKit.given(FIVE_A_MINUTE)) {
      weir.at(Duration.ofSeconds(90)).request(user("42"), cost(4)).isAllowed();
      weir.at(Duration.ofSeconds(30)).request(user("42"), cost(1)).isAllowed().hasRemaining(0);
      weir.at(Duration.ofSeconds(90)).request(user("42")).isDenied();
    }
  }

  private static String header(TestRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
