package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.limiter.BackendUnavailableException;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.redis.RedisUnavailableException;
import io.weir.limiter.rule.RuleSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refunds, resets, questions, health and metrics of the gateway. */
class GatewayHttpTest {
  private static final String USER = "{\"domain\":\"api\",\"attributes\":{\"user_id\":\"42\"}}";

  private final FakeGateway gateway = new FakeGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void whatIsRefundedCanBeTakenAgain() {
    JsonNode charged =
        gateway.json(gateway.post("/v1/check", with("\"cost\":3,\"request_id\":\"a\"")));
    assertThat(verdict(gateway.post("/v1/check", USER))).isEqualTo("DENY");

    JsonNode refunded =
        gateway.json(
            gateway.post(
                "/v1/refund",
                with("\"cost\":2,\"charged_at\":" + charged.path("evaluation_time").asText())));

    assertThat(refunded.path("reason").asText()).isEqualTo("REFUNDED");
    assertThat(refunded.path("statuses").path(0).path("remaining").asInt()).isEqualTo(2);
    assertThat(verdict(gateway.post("/v1/check", with("\"cost\":2")))).isEqualTo("ALLOW");
  }

  @Test
  void anIdentifierThatIsResetIsLikeNew() {
    gateway.post("/v1/check", with("\"cost\":3"));

    JsonNode reset = gateway.json(gateway.post("/v1/reset", USER));

    assertThat(reset.path("reason").asText()).isEqualTo("RESET");
    assertThat(verdict(gateway.post("/v1/check", with("\"cost\":3")))).isEqualTo("ALLOW");
  }

  @Test
  void whatNoRuleMatchesIsNeitherRefundedNorResetAndTheAnswerSaysSo() {
    String other = USER.replace("user_id", "session");

    JsonNode refund =
        gateway.json(
            gateway.post(
                "/v1/refund", other.replace("{\"domain\"", "{\"charged_at\":1,\"domain\"")));
    JsonNode reset = gateway.json(gateway.post("/v1/reset", other));

    assertThat(refund.path("reason").asText()).isEqualTo("NO_RULE");
    assertThat(refund.path("message").asText())
        .isEqualTo("no rule matches these attributes; nothing was given back");
    assertThat(reset.path("reason").asText()).isEqualTo("NO_RULE");
    assertThat(reset.path("message").asText())
        .isEqualTo("no rule matches these attributes; nothing was forgotten");
    assertThat(gateway.json(gateway.post("/v1/check", other)).path("message").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/refund | {\"domain\":\"api\"} | a REFUND needs charged_at",
        "/v1/refund | {\"domain\":\"api\",\"charged_at\":1,\"cost\":0} | cost is 0; a REFUND needs",
        "/v1/refund | {\"domain\":\"api\",\"charged_at\":-1} | charged_at is -1; it must be 0 or more",
        "/v1/refund | {\"domain\":\"api\",\"charged_at\":\"x\"} | charged_at is 'x'; it must be a time",
        "/v1/reset | {\"domain\":\"api\",\"cost\":1} | a request has no field cost",
        "/v1/reset | {\"requests\":[]} | a request has no field requests",
        "/v1/reset?status=429 | {\"domain\":\"api\"} | the parameter status is unknown",
      })
  void whatMakesNoSenseIsTold(String path, String body, String message) {
    assertThat(detail(gateway.post(path, body), 400)).startsWith(message);
    assertThat(gateway.told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/refund", "/v1/reset"})
  void withoutABodyThereIsNothingToDo(String path) {
    assertThat(detail(gateway.send("POST", path, Optional.empty()), 400))
        .isEqualTo("there is no body; send the request as a JSON object");
  }

  @Test
  void aCheckWithNeitherABodyNorAQueryIsToldWhatABodyIs() {
    assertThat(detail(gateway.send("POST", "/v1/check?status=429", Optional.empty()), 400))
        .isEqualTo(
            "there is neither a body nor a query; the body is a JSON object, such as"
                + " {\"domain\": \"api\", \"attributes\": {\"user_id\": \"42\"}}");
    assertThat(gateway.told).isEmpty();
  }

  @Test
  void aRefundOrResetThatRedisDoesNotAnswerMayHaveBeenCarriedOut() {
    gateway.fault = Optional.of(new BackendUnavailableException("no answer within 50 ms"));

    HttpResponse<String> refund = gateway.post("/v1/refund", with("\"charged_at\":1"));
    HttpResponse<String> reset = gateway.post("/v1/reset", USER);

    assertThat(detail(refund, 503))
        .isEqualTo("no answer within 50 ms; it may have been carried out all the same");
    assertThat(detail(reset, 503)).endsWith("; it may have been carried out all the same");
  }

  @Test
  void aRefundOrResetThatRedisWasNotAskedForWasNotCarriedOut() {
    gateway.fault = Optional.of(redisIsAway());

    HttpResponse<String> refund = gateway.post("/v1/refund", with("\"charged_at\":1"));
    HttpResponse<String> reset = gateway.post("/v1/reset", USER);

    assertThat(detail(refund, 503)).endsWith("; it was not carried out");
    assertThat(detail(reset, 503)).endsWith("; it was not carried out");
    assertThat(gateway.json(reset).path("type").asText())
        .isEqualTo("urn:weir:problem:redis-unavailable");
    assertThat(reset.headers().firstValue("Retry-After")).isPresent();
    assertThat(gateway.told).isEmpty();
  }

  @Test
  void aFaultTellsNothingOfTheInside() {
    gateway.fault = Optional.of(new IllegalStateException("secret"));

    assertThat(gateway.post("/v1/check", USER).body()).doesNotContain("secret");
    assertThat(gateway.post("/v1/check", USER).statusCode()).isEqualTo(500);
  }

  @Test
  void theRowsOfAnIdentifierAreShownAsRedisHasThem() {
    gateway.rows.put(
        "api/user_id=42|#",
        new StoredLimit(
            Limit.of(new FixedWindow(), 5, Duration.ofMinutes(1)),
            new FixedWindowState(2, FakeGateway.NOW)));
    gateway.rows.put(
        "api/user_id=421|#",
        new StoredLimit(
            Limit.of(new FixedWindow(), 5, Duration.ofMinutes(1)),
            new FixedWindowState(2, FakeGateway.NOW)));

    JsonNode answer = gateway.json(gateway.get("/v1/identifiers/api/user_id=42"));

    assertThat(answer.path("instance").asText()).isEqualTo("redis");
    assertThat(answer.path("rows")).hasSize(1);
    assertThat(answer.path("rows").path(0).path("remaining").asInt()).isEqualTo(3);
    assertThat(answer.path("rows").path(0).path("last_admission").asText())
        .isEqualTo("2023-11-14T22:13:20Z");
  }

  @Test
  void theLimitsOfARequestAreShownAndNothingIsTaken() {
    Limit bucket = Limit.of(new TokenBucket(), 3, Duration.ofMinutes(1));
    gateway.rows.put(
        "api/user_id=42|#",
        new StoredLimit(bucket, new TokenBucketState(3 * bucket.unitsPerToken(), FakeGateway.NOW)));

    JsonNode answer =
        gateway.json(gateway.get("/v1/limits?domain=api&user_id=42&endpoint=/login&ip=1"));

    assertThat(answer.path("rules_revision").asInt()).isEqualTo(7);
    assertThat(answer.path("limits")).hasSize(3);
    assertThat(answer.path("limits").path(0).path("rule").asText()).isEqualTo("user");
    assertThat(answer.path("limits").path(0).path("verdict").asText()).isEqualTo("DENY");
    assertThat(answer.path("limits").path(0).path("retry_after_ms").asLong()).isEqualTo(20_000);
    assertThat(answer.path("limits").path(2).path("mode").asText()).isEqualTo("SHADOW");
    assertThat(gateway.told).isEmpty();
  }

  @Test
  void whatIsSharedUnderAnEmptyValueIsNamedWhereAQuestionCannotReachIt() {
    assertThat(detail(gateway.get("/v1/limits?domain=api&user_id=&endpoint="), 400))
        .isEqualTo(
            "attribute user_id is empty, but rules of domain api limit by it; send a value, or leave"
                + " the attribute out; what requests of Envoy's without one share is at"
                + " /v1/identifiers/api/user_id=");
    gateway.rows.put(
        "api/user_id=|#",
        new StoredLimit(
            Limit.of(new FixedWindow(), 5, Duration.ofMinutes(1)),
            new FixedWindowState(2, FakeGateway.NOW)));

    assertThat(gateway.json(gateway.get("/v1/identifiers/api/user_id=")).path("rows")).hasSize(1);
  }

  @Test
  void whatRedisDoesNotAnswerCannotBeShown() {
    gateway.fault = Optional.of(redisIsAway());

    assertThat(detail(gateway.get("/v1/identifiers/api/user_id=42"), 503)).contains("; ask again");
    assertThat(detail(gateway.get("/v1/limits?domain=api&user_id=42"), 503))
        .contains("; ask again");
  }

  @Test
  void readinessSaysHowRedisTheRulesAndTheDecisionsTopicAre() {
    assertThat(gateway.json(gateway.get("/health/ready")).toString())
        .isEqualTo(
            "{\"status\":\"ready\",\"detail\":\"the gateway is running\","
                + "\"decisions\":\"written\",\"redis\":\"available\",\"rules\":\"current\"}");

    gateway.fault = Optional.of(redisIsAway());
    gateway.trouble = Optional.of("rules.yaml:3: no");
    gateway.unwritten = Optional.of("no such topic");
    HttpResponse<String> response = gateway.get("/health/ready");
    assertThat(response.statusCode()).as("checks are answered all the same").isEqualTo(200);
    assertThat(gateway.json(response).path("redis").asText()).isEqualTo("unavailable");
    assertThat(gateway.json(response).path("decisions").asText())
        .isEqualTo("not written: no such topic");
    assertThat(gateway.json(response).path("rules").asText()).isEqualTo("stale: rules.yaml:3: no");
    assertThat(metrics()).contains("weir_rules_stale 1.0");
  }

  @Test
  void whoIsNotReadyJudgesNothing() {
    gateway.readiness.stopping();

    assertThat(detail(gateway.post("/v1/check", USER), 503)).isEqualTo("the gateway is stopping");
    assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(gateway.told).isEmpty();
  }

  @Test
  void whatIsUnderWayIsAnsweredBeforeTheDoorCloses() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    gateway.gate = gate;
    CompletableFuture<HttpResponse<String>> response =
        CompletableFuture.supplyAsync(() -> gateway.post("/v1/check", USER));
    await().untilAsserted(() -> assertThat(gateway.asked).hasPositiveValue());

    CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::closeDoor);
    await()
        .untilAsserted(
            () ->
                assertThat(gateway.get("/health/live").statusCode())
                    .as("others are refused")
                    .isEqualTo(503));
    gate.complete(null);

    assertThat(response.join().statusCode()).isEqualTo(200);
    closed.join();
  }

  @Test
  void decisionsAreCounted() {
    gateway.post("/v1/check", with("\"cost\":3"));
    gateway.change = decision -> decision.asDegraded("Redis is away");
    gateway.post("/v1/check", USER);
    gateway.post("/v1/check", USER.replace("api", "no\\u0000such"));

    assertThat(metrics())
        .contains(
            "weir_decisions_total{degraded=\"false\",domain=\"api\",reason=\"WITHIN_LIMIT\",rule=\"user\",verdict=\"ALLOW\"} 1.0")
        .contains(
            "weir_decisions_total{degraded=\"true\",domain=\"api\",reason=\"OVER_LIMIT\",rule=\"user\",verdict=\"DENY\"} 1.0")
        .contains("domain=\"none\"")
        .contains("weir_checks_seconds_count 3")
        .contains("weir_checks_seconds_bucket{le=\"0.05\"}")
        .contains("weir_rules_stale 0.0");
  }

  @Test
  void whatIsAnsweredIsCountedByPathAndStatus() throws IOException {
    gateway.post("/v1/check", with("\"cost\":3"));
    gateway.post("/v1/check", USER);
    gateway.get("/v1/check?domain=api&user_id=42&status=429");
    gateway.post("/v1/check", "{}");
    gateway.post("/v1/check", "{");
    gateway.get("/v1/refund");
    gateway.fault = Optional.of(redisIsAway());
    gateway.post("/v1/reset", USER);
    gateway.get("/v1/identifiers/api/user_id=42");
    gateway.fault = Optional.of(new IllegalStateException("a bug"));
    gateway.post("/v1/check", USER);
    gateway.get("/v1/no/such/path");
    gateway.get("/v1/checks");
    try (Socket raw = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      String malformed = "GET /v1/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      raw.getOutputStream().write(malformed.getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.getInputStream().readAllBytes()).asString().startsWith("HTTP/1.1 400 ");
    }

    await()
        .untilAsserted(
            () ->
                assertThat(metrics().lines())
                    .contains(
                        requests("/v1/check", "200", 2),
                        requests("/v1/check", "429", 1),
                        requests("/v1/check", "400", 2),
                        requests("/v1/check", "500", 1),
                        requests("/v1/refund", "405", 1),
                        requests("/v1/reset", "503", 1),
                        requests("/v1/identifiers/<identifier>", "503", 1),
                        requests("other", "404", 2),
                        requests("other", "400", 1)));
  }

  private static String requests(String path, String status, int count) {
    return "weir_gateway_requests_total{door=\"http\",path=\"%s\",status=\"%s\"} %d.0"
        .formatted(path, status, count);
  }

  /** What a limiter says that finds no Redis. */
  private static RedisUnavailableException redisIsAway() {
    try (RedisRateLimiter alone =
        RedisRateLimiter.builder(RuleSet::empty).uri("redis://127.0.0.1:1").build()) {
      alone.inspect("api/user_id=42").toCompletableFuture().join();
      throw new AssertionError("nothing listens on port 1");
    } catch (CompletionException e) {
      return (RedisUnavailableException) Optional.ofNullable(e.getCause()).orElseThrow();
    }
  }

  private String metrics() {
    return gateway.get("/metrics").body();
  }

  private String verdict(HttpResponse<String> response) {
    return gateway.json(response).path("verdict").asText();
  }

  private static String with(String field) {
    return USER.replace("{\"domain\"", "{" + field + ",\"domain\"");
  }

  private String detail(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    return gateway.json(response).path("detail").asText();
  }
}
