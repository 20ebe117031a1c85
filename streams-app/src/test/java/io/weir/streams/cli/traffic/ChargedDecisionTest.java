package io.weir.streams.cli.traffic;

import static io.weir.streams.testkit.RequestPart.attribute;
import static io.weir.streams.testkit.RequestPart.cost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.schemas.Decision;
import io.weir.schemas.LimitMode;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Reason;
import io.weir.schemas.Verdict;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.serde.AvroJson;
import io.weir.streams.testkit.RequestPart;
import io.weir.streams.testkit.WeirTestKit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChargedDecisionTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");

  @Test
  void whatWatchPrintsIsRead(@TempDir Path directory) throws IOException {
    String line = json(Verdict.ALLOW, Reason.WITHIN_LIMIT) + "\n";
    Path file = Files.writeString(directory.resolve("charged.json"), line);

    assertThat(ChargedDecision.read(file.toString(), InputStream.nullInputStream()))
        .isEqualTo(new ChargedDecision(file.toString(), "api", NOON, List.of()));
    assertThat(ofInput(line))
        .isEqualTo(new ChargedDecision("standard input", "api", NOON, List.of()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"SHADOW_OVER_LIMIT", "QUOTA_OVER_LIMIT"})
  void whatWasAllowedBesideAnExhaustedLimitWasCharged(Reason reason) {
    assertThat(ofInput(json(Verdict.ALLOW, reason)).evaluationTime()).isEqualTo(NOON);
  }

  @ParameterizedTest
  @CsvSource({
    "DENY, OVER_LIMIT",
    "DENY, TIMEOUT",
    "ALLOW, NO_RULE",
    "ALLOW, UNLIMITED",
    "ALLOW, EXPIRED",
    "ALLOW, REFUNDED",
    "ALLOW, RESET",
  })
  void whatTookNothingIsNotRefunded(Verdict verdict, Reason reason) {
    assertThatThrownBy(() -> ofInput(json(verdict, reason)))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "standard input: the decision is "
                + verdict
                + " "
                + reason
                + ", which took nothing; there is nothing to give back");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``            | standard input holds no decision: that has domain, verdict, reason,"
            + " evaluation_time and statuses",
        "{} {}         | standard input holds 2 JSON values; it must hold one decision",
        "{\"a\":       | standard input:1: is not JSON",
        "oops          | standard input:1: is not JSON",
        "[]            | standard input holds no decision: that has domain, verdict, reason,"
            + " evaluation_time and statuses",
        "{\"domain\": \"api\", \"verdict\": \"ALLOW\", \"reason\": \"WITHIN_LIMIT\","
            + " \"evaluation_time\": \"noon\"} | standard input holds no decision: that has domain,"
            + " verdict, reason, evaluation_time and statuses",
        "{\"domain\": \"api\", \"verdict\": \"ALLOW\", \"reason\": \"WITHIN_LIMIT\","
            + " \"evaluation_time\": 1} | standard input holds no decision: that has domain,"
            + " verdict, reason, evaluation_time and statuses",
        "{\"domain\": \"api\", \"verdict\": \"ALLOW\", \"reason\": \"WITHIN_LIMIT\","
            + " \"evaluation_time\": 1, \"statuses\": {}} | standard input holds no decision: that has"
            + " domain, verdict, reason, evaluation_time and statuses",
      })
  void whatIsNoDecisionIsToldSo(String text, String message) {
    assertThatThrownBy(() -> ofInput(text))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(message)
        .extracting(it -> ((CommandFailure) it).hint().orElse(""))
        .isEqualTo(
            "./weir watch --from-beginning --request-id ID --max 1 --json prints a decision");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rule      |
          rule      | 1
          state_key |
          mode      |
          mode      | null
          burst     |
          burst     | "10"
          burst     | 1.5
          remaining |
          remaining | 9223372036854775808
          """)
  void aStatusThatIsNoneIsToldSo(String field, @Nullable String value) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode decision =
        (ObjectNode) mapper.readTree(json(limit("api/a=b|#", LimitMode.ENFORCED, 5)));
    ObjectNode status = (ObjectNode) decision.path("statuses").path(0);
    if (value == null) {
      status.remove(field);
    } else {
      status.set(field, mapper.readTree(value));
    }

    assertThatThrownBy(() -> ofInput(decision.toString()))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "standard input holds no decision: each of its statuses has rule, state_key and mode,"
                + " which are text, and burst and remaining, which are whole numbers");
  }

  @Test
  void aStatusOfNoStateIsToldSo() {
    assertThatThrownBy(() -> ofInput(json(limit("", LimitMode.ENFORCED, 5))))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "standard input holds no decision: '' is no state key; it must begin with an identifier"
                + " and '|'");
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path directory) {
    Path missing = directory.resolve("missing.json");

    assertThatThrownBy(
            () -> ChargedDecision.read(missing.toString(), InputStream.nullInputStream()))
        .hasMessage(missing + ": there is no such file");
    assertThatThrownBy(
            () -> ChargedDecision.read(directory.toString(), InputStream.nullInputStream()))
        .hasMessage(directory + ": is a directory; name a file in it");
  }

  @Test
  void theAttributesMustBeThoseOfItsRequest() {
    ChargedDecision decision =
        ofInput(
            json(
                limit("api/user_id=42|endpoint=%2Flogin#", LimitMode.ENFORCED, 0),
                limit("api/path=%2Ffiles%2F*|#", LimitMode.SHADOW, 0)));

    assertThatCode(
            () ->
                decision.requireMetBy(
                    Map.of("user_id", "42", "endpoint", "/login", "path", "/files/a")))
        .doesNotThrowAnyException();
    Map<String, String> withAnother =
        Map.of("user_id", "42", "endpoint", "/login", "path", "/files/a", "ip", "::1");
    assertThatThrownBy(() -> decision.requireMetBy(withAnother))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "standard input: no limit of the decision is of ip, but of user_id, endpoint, path");
    assertThatThrownBy(() -> decision.requireMetBy(Map.of("user_id", "43")))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "standard input: the decision is about a request with user_id=42, but here user_id is"
                + " '43'");
    assertThatThrownBy(() -> decision.requireMetBy(Map.of("user_id", "42")))
        .hasMessage(
            "standard input: the decision is about a request with endpoint=/login, but here is no"
                + " endpoint");
    assertThatThrownBy(
            () ->
                decision.requireMetBy(Map.of("user_id", "42", "endpoint", "/login", "path", "/x")))
        .hasMessage(
            "standard input: the decision is about a request with path=/files/*, but here path is"
                + " '/x'");
  }

  @Test
  void aRefundOfWhatDidNotJudgeItsRequestIsTold() {
    ChargedDecision charged = ofInput(json(limit("api/user_id=42|#", LimitMode.ENFORCED, 0)));
    LimitStatus own = limit("api/user_id=42|#", LimitMode.ENFORCED, 1);

    assertThat(charged.beyond(refunded(own))).isEmpty();
    assertThat(
            charged.beyond(
                refunded(
                    own,
                    named("log-ins", "api/user_id=42|endpoint=%2Flogin#"),
                    named("per-ip", "api/ip=10.0.0.1|#"))))
        .contains(
            "also given back to api/user_id=42 (log-ins), api/ip=10.0.0.1 (per-ip), which the"
                + " decision in standard input does not name");
  }

  @Test
  void noMoreCanComeBackThanItsLimitsLack() {
    ChargedDecision decision =
        ofInput(
            json(
                limit("api/user_id=42|#", LimitMode.ENFORCED, 6),
                limit("api/ip=x|#", LimitMode.ENFORCED, 0),
                limit("api/ip=x|a=b#", LimitMode.SHADOW, 10),
                limit("api/ip=x|a=c#", LimitMode.QUOTA, 10)));

    assertThatCode(() -> decision.requireTook(4)).doesNotThrowAnyException();
    assertThatThrownBy(() -> decision.requireTook(5))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "standard input: the request took at most 4, and 5 cannot come back: after it 6 of 10"
                + " were left of api/user_id=42|#");
  }

  @Test
  void aPeekAtAFullLimitTookNothing() {
    assertThatThrownBy(
            () -> ofInput(json(limit("api/a=b|#", LimitMode.ENFORCED, 10))).requireTook(1))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "standard input: the request took nothing, and 1 cannot come back: after it 10 of 10"
                + " were left of api/a=b|#");
  }

  @Test
  void whatNoLimitMustHaveTakenIsNotDoubted() {
    assertThatCode(() -> ofInput(json(limit("api/a=b|#", LimitMode.SHADOW, 10))).requireTook(99))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void whateverAnAlgorithmTookIsNotDoubted(String algorithm) {
    String limit = "rate_limit: {unit: second, requests_per_unit: 7, algorithm: " + algorithm + "}";
    int judgedAtOnce = 0;
    int heldBefore = 0;
    try (WeirTestKit weir =
        WeirTestKit.given(
            "domain: api\ndescriptors:\n  - {key: a, "
                + limit
                + "}\n  - {key: b, "
                + limit
                + "}")) {
      for (int i = 0; i < 200; i++) {
        boolean several = i % 2 == 1;
        long cost = 1L + i % 5;
        List<RequestPart> parts = new ArrayList<>(List.of(attribute("a", "x"), cost(cost)));
        if (several) {
          parts.add(attribute("b", "y"));
        }
        Decision decision =
            weir.after(Duration.ofMillis(37L * (i % 11)))
                .request(parts.toArray(new RequestPart[0]))
                .decision();
        if (decision.getVerdict() == Verdict.ALLOW) {
          judgedAtOnce += several ? 0 : 1;
          heldBefore += several ? 1 : 0;
          ChargedDecision charged = ofInput(AvroJson.of(decision).toString());
          assertThat(charged.limits()).hasSize(several ? 2 : 1);
          charged.requireTook(cost);
        }
      }
    }
    assertThat(judgedAtOnce).isPositive();
    assertThat(heldBefore).isPositive();
  }

  private static Set<String> algorithms() {
    return Algorithms.standard().names();
  }

  private static Decision refunded(LimitStatus... limits) {
    return decision(Verdict.ALLOW, Reason.REFUNDED, List.of(limits));
  }

  private static LimitStatus named(String rule, String stateKey) {
    return LimitStatus.newBuilder(limit(stateKey, LimitMode.ENFORCED, 1)).setRule(rule).build();
  }

  private static LimitStatus limit(String stateKey, LimitMode mode, long remaining) {
    return LimitStatus.newBuilder()
        .setRule(stateKey)
        .setStateKey(stateKey)
        .setAlgorithm("token_bucket")
        .setMode(mode)
        .setVerdict(Verdict.ALLOW)
        .setLimit(5)
        .setPeriodMs(1_000)
        .setBurst(10)
        .setRemaining(remaining)
        .setResetAt(NOON)
        .build();
  }

  private static ChargedDecision ofInput(String text) {
    return ChargedDecision.read(
        "-", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String json(LimitStatus... limits) {
    return json(Verdict.ALLOW, Reason.WITHIN_LIMIT, List.of(limits));
  }

  private static String json(Verdict verdict, Reason reason) {
    return json(verdict, reason, List.of());
  }

  private static String json(Verdict verdict, Reason reason, List<LimitStatus> limits) {
    return AvroJson.of(decision(verdict, reason, limits)).toString();
  }

  private static Decision decision(Verdict verdict, Reason reason, List<LimitStatus> limits) {
    return Decision.newBuilder()
        .setRequestId("r-1")
        .setDomain("api")
        .setIdentifier("api/user_id=42")
        .setVerdict(verdict)
        .setReason(reason)
        .setStatuses(limits)
        .setEventTime(NOON)
        .setEvaluationTime(NOON)
        .build();
  }
}
