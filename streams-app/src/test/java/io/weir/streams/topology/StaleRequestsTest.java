package io.weir.streams.topology;

import static io.weir.streams.testkit.RequestPart.attribute;
import static io.weir.streams.testkit.RequestPart.ip;
import static io.weir.streams.testkit.RequestPart.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Verdict;
import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.streams.testkit.WeirDriver;
import io.weir.streams.testkit.WeirTestKit;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class StaleRequestsTest {
  private static final Duration MAX_AGE = Duration.ofSeconds(30);
  private static final Instant NOW = WeirDriver.START.plusSeconds(60);
  private static final String RULES =
      """
      domain: api
      descriptors:
        - {key: user_id, rate_limit: {unit: day, requests_per_unit: 1}}
        - {key: ip, rate_limit: {unit: day, requests_per_unit: 1}}
      """;

  @Test
  void aRequestThatIsTooOldIsAnsweredAndConsumesNothing() {
    try (WeirTestKit weir = weir(Verdict.DENY)) {
      send(weir, NOW.minus(MAX_AGE).minusMillis(1), Map.of("user_id", "1"));

      TestRecord<String, Decision> record = weir.driver().decisions().get(0);
      assertThat(record.key()).isEqualTo("api/user_id=1");
      Decision decision = record.value();
      assertThat(decision.getVerdict()).isEqualTo(io.weir.schemas.Verdict.DENY);
      assertThat(decision.getReason()).isEqualTo(Reason.EXPIRED);
      assertThat(decision.getStatuses()).isEmpty();
      assertThat(decision.getRetryAfterMs()).isNull();
      assertThat(Duration.between(decision.getEventTime(), decision.getEvaluationTime()))
          .as("its age")
          .isEqualTo(MAX_AGE.plusMillis(1));
      assertThat(weir.driver().changelog()).isEmpty();
    }
  }

  @Test
  void aRequestOfThatAgeIsJudged() {
    try (WeirTestKit weir = weir(Verdict.DENY)) {
      send(weir, NOW.minus(MAX_AGE), Map.of("user_id", "1"));
      assertThat(weir.driver().decisions().get(0).value().getReason())
          .isEqualTo(Reason.WITHIN_LIMIT);
    }
  }

  @Test
  void theyAreAllowedWhereThatIsWanted() {
    try (WeirTestKit weir = weir(Verdict.ALLOW)) {
      for (int i = 0; i < 2; i++) {
        send(weir, WeirDriver.START, Map.of("user_id", "1", "ip", "::1"));
        Decision decision = weir.driver().decisions().get(0).value();
        assertThat(decision.getVerdict()).isEqualTo(io.weir.schemas.Verdict.ALLOW);
        assertThat(decision.getReason()).isEqualTo(Reason.EXPIRED);
      }
      weir.at(NOW).request(user("1"), ip("::1")).isAllowed().hasReason(Reason.WITHIN_LIMIT);
    }
  }

  @Test
  void whatNoLimitAppliesToIsAllowedWhateverItsAge() {
    try (WeirTestKit weir = weir(Verdict.DENY)) {
      send(weir, WeirDriver.START, Map.of("method", "GET"));
      assertThat(weir.driver().decisions().get(0).value().getReason()).isEqualTo(Reason.NO_RULE);
    }
  }

  @Test
  void withoutTheSettingAllAreJudged() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.driver().wallClock(WeirDriver.START.plus(Duration.ofDays(400)));
      send(weir, WeirDriver.START, Map.of("user_id", "1"));
      assertThat(weir.driver().decisions().get(0).value().getReason())
          .isEqualTo(Reason.WITHIN_LIMIT);
      weir.request(attribute("user_id", "2")).isAllowed();
    }
  }

  @Test
  void anAgeIsAboveZero() {
    assertThatThrownBy(() -> new StaleRequests(Duration.ZERO, Verdict.DENY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("requests may be PT0S old; it must be above 0");
  }

  private static WeirTestKit weir(Verdict verdict) {
    WeirTestKit weir =
        WeirTestKit.with(
                setup ->
                    setup.settings(settings -> settings.with(new StaleRequests(MAX_AGE, verdict))))
            .given(RULES);
    weir.driver().wallClock(NOW);
    return weir;
  }

  private static void send(WeirTestKit weir, Instant time, Map<String, String> attributes) {
    weir.driver()
        .request(new RequestEvent("r-1", "api", attributes, 1L, Operation.CHECK, null), time);
  }
}
