package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.streams.store.DuplicateBounds;
import io.weir.streams.testkit.WeirDriver;
import io.weir.streams.testkit.WeirTestKit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DuplicateRequestsTest {
  private static final Duration HORIZON = Duration.ofSeconds(10);
  private static final Instant START = WeirDriver.START;
  private static final Map<String, String> USER = Map.of("user_id", "1");
  private static final Map<String, String> BOTH = Map.of("user_id", "1", "ip", "::1");
  private static final String RULES =
      """
      domain: api
      descriptors:
        - {key: user_id, rate_limit: {unit: minute, requests_per_unit: 5}}
        - {key: ip, rate_limit: {unit: minute, requests_per_unit: 3}}
      """;

  /** One identifier and two; input that is re-keyed and input that is keyed. */
  static Stream<Case> cases() {
    return Stream.of(true, false)
        .flatMap(isKeyed -> Stream.of(USER, BOTH).map(attributes -> new Case(attributes, isKeyed)));
  }

  record Case(Map<String, String> attributes, boolean isKeyed) {}

  @ParameterizedTest
  @MethodSource("cases")
  void theFirstDecisionIsRepeatedAndNothingIsConsumedTwice(Case given) {
    try (WeirTestKit weir = weir(given)) {
      Decision first = decision(weir, given, check("r-1", given, 2), START).value();
      assertThat(first.getDuplicate()).isFalse();

      TestRecord<String, Decision> again =
          decision(weir, given, check("r-1", given, 2), START.plusSeconds(3));

      assertThat(again.value()).isEqualTo(Decision.newBuilder(first).setDuplicate(true).build());
      assertThat(again.getRecordTime()).as("its own").isEqualTo(START.plusSeconds(3));
      assertThat(again.key()).isEqualTo("api/user_id=1");
      assertThat(
              new String(again.headers().lastHeader("request_id").value(), StandardCharsets.UTF_8))
          .isEqualTo("r-1");
      assertThat(left(weir, given)).isEqualTo(3);
      assertThat(weir.driver().meters().get("weir.duplicates").counter().count()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDenialIsRepeatedTooThoughThereIsRoomByThen(Case given) {
    try (WeirTestKit weir = weir(given)) {
      decision(weir, given, check("r-1", given, 3), START);
      assertThat(decision(weir, given, check("r-2", given, 3), START).value().getReason())
          .isEqualTo(Reason.OVER_LIMIT);
      decision(weir, given, refund("back", given, 3), START.plusSeconds(1));

      Decision again = decision(weir, given, check("r-2", given, 3), START.plusSeconds(2)).value();

      assertThat(again.getReason()).isEqualTo(Reason.OVER_LIMIT);
      assertThat(again.getDuplicate()).isTrue();
      assertThat(decision(weir, given, check("r-3", given, 3), START.plusSeconds(2)).value())
          .extracting(Decision::getReason)
          .isEqualTo(Reason.WITHIN_LIMIT);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void afterTheHorizonItIsARequestOfItsOwn(Case given) {
    try (WeirTestKit weir = weir(given)) {
      decision(weir, given, check("r-1", given, 1), START);

      Decision again = decision(weir, given, check("r-1", given, 1), START.plus(HORIZON)).value();

      assertThat(again.getDuplicate()).isFalse();
      assertThat(left(weir, given)).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aRefundThatComesTwiceGivesBackOnce(Case given) {
    try (WeirTestKit weir = weir(given)) {
      decision(weir, given, check("r-1", given, 3), START);
      decision(weir, given, refund("r-1", given, 1), START);

      Decision again = decision(weir, given, refund("r-1", given, 1), START).value();

      assertThat(again.getReason()).as("not the decision on its check").isEqualTo(Reason.REFUNDED);
      assertThat(again.getDuplicate()).isTrue();
      assertThat(left(weir, given)).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void peeksAreAnsweredAsItStands(Case given) {
    try (WeirTestKit weir = weir(given)) {
      assertThat(decision(weir, given, check("p", given, 0), START).value().getDuplicate())
          .isFalse();
      decision(weir, given, check("r-1", given, 2), START);
      Decision again = decision(weir, given, check("p", given, 0), START).value();
      assertThat(again.getDuplicate()).isFalse();
      assertThat(again.getStatuses().get(0).getRemaining()).isLessThan(4);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void withoutAHorizonEachIsOneOfItsOwn(Case given) {
    try (WeirTestKit weir = weir(given, setup -> setup)) {
      decision(weir, given, check("r-1", given, 1), START);
      assertThat(decision(weir, given, check("r-1", given, 1), START).value().getDuplicate())
          .isFalse();
      assertThat(left(weir, given)).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameIdOfOtherIdentifiersIsAnotherRequest(Case given) {
    try (WeirTestKit weir = weir(given)) {
      decision(weir, given, check("r-1", given, 1), START);
      Case other =
          new Case(
              given.attributes().containsKey("ip")
                  ? Map.of("user_id", "2", "ip", "::1")
                  : Map.of("user_id", "2"),
              given.isKeyed());
      Decision decision = decision(weir, other, check("r-1", other, 1), START).value();
      assertThat(decision.getDuplicate()).isFalse();
      assertThat(decision.getIdentifier()).isEqualTo("api/user_id=2");
    }
  }

  private static WeirTestKit weir(Case given) {
    DuplicateBounds bounds = new DuplicateBounds(HORIZON, 1 << 20);
    return weir(given, setup -> setup.settings(settings -> settings.with(bounds)));
  }

  private static WeirTestKit weir(
      Case given, java.util.function.UnaryOperator<WeirDriver.Setup> change) {
    return WeirTestKit.with(
            setup ->
                change
                    .apply(setup)
                    .settings(
                        settings ->
                            given.isKeyed()
                                ? settings.withInput(new InputKeying.ByIdentifier(1))
                                : settings))
        .given(RULES);
  }

  private static long left(WeirTestKit weir, Case given) {
    Case user = new Case(USER, given.isKeyed());
    return decision(weir, user, check("left", user, 0), START)
        .value()
        .getStatuses()
        .get(0)
        .getRemaining();
  }

  private static TestRecord<String, Decision> decision(
      WeirTestKit weir, Case given, RequestEvent event, Instant time) {
    weir.driver().request(given.isKeyed() ? "api/user_id=" + user(given) : null, event, time);
    List<TestRecord<String, Decision>> decisions = weir.driver().decisions();
    assertThat(decisions).as("one for each event").hasSize(1);
    return decisions.get(0);
  }

  private static @Nullable String user(Case given) {
    return given.attributes().get("user_id");
  }

  private static RequestEvent check(String id, Case given, long cost) {
    return new RequestEvent(id, "api", given.attributes(), cost, Operation.CHECK, null);
  }

  private static RequestEvent refund(String id, Case given, long cost) {
    return new RequestEvent(id, "api", given.attributes(), cost, Operation.REFUND, START);
  }
}
