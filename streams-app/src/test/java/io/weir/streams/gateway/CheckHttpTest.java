package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.limiter.Verdict;
import io.weir.streams.query.HttpDoor;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckHttpTest {
  private static final String USER =
      "{\"domain\":\"api\",\"attributes\":{\"user_id\":\"42\"},\"request_id\":\"mine\"}";

  private final FakeGateway gateway = new FakeGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aRequestIsAnsweredWithItsDecisionInTheShapeOfTheTopic() {
    HttpResponse<String> response = gateway.post("/v1/check", USER);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.body())
        .isEqualToIgnoringNewLines(
            "{\"request_id\":\"mine\",\"domain\":\"api\",\"identifier\":\"api/user_id=42\","
                + "\"verdict\":\"ALLOW\",\"reason\":\"WITHIN_LIMIT\",\"message\":null,"
                + "\"retry_after_ms\":null,\"delay_ms\":0,\"statuses\":[{\"rule\":\"user\","
                + "\"state_key\":\"api/user_id=42|#\",\"algorithm\":\"token_bucket\","
                + "\"mode\":\"ENFORCED\",\"verdict\":\"ALLOW\",\"limit\":3,\"period_ms\":60000,"
                + "\"burst\":3,\"remaining\":2,\"reset_at\":1700000020000,\"retry_after_ms\":null,"
                + "\"delay_ms\":0}],\"rules_revision\":7,\"duplicate\":false,"
                + "\"event_time\":1700000000000,\"evaluation_time\":1700000000000,"
                + "\"degraded\":false}");
  }

  @Test
  void theFieldsOfTheAnswerSayWhatIsLeft() {
    HttpResponse<String> response = gateway.post("/v1/check", USER);

    assertThat(response.headers().firstValue("RateLimit-Policy")).hasValue("\"user\";q=3;w=60");
    assertThat(response.headers().firstValue("RateLimit")).hasValue("\"user\";r=2;t=20");
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(response.headers().firstValue("Retry-After")).isEmpty();
  }

  @Test
  void aDenialIs200UnlessAStatusIsAskedFor() {
    exhaust();

    HttpResponse<String> plain = gateway.post("/v1/check", USER);
    assertThat(plain.statusCode()).isEqualTo(200);
    assertThat(gateway.json(plain).path("verdict").asText()).isEqualTo("DENY");
    assertThat(plain.headers().firstValue("Retry-After")).isEmpty();

    HttpResponse<String> refused = gateway.post("/v1/check?status=429", USER);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).isEqualTo(plain.body());
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("20");
    assertThat(refused.headers().firstValue("RateLimit")).hasValue("\"user\";r=0;t=20");
  }

  @Test
  void costIsTakenAndAPeekTakesNothing() {
    assertThat(remaining(with("\"cost\":2"))).isEqualTo(1);
    assertThat(remaining(with("\"cost\":0"))).isEqualTo(1);
    assertThat(remaining(with("\"cost\":1"))).isEqualTo(0);
  }

  @Test
  void anIdIsMadeForARequestWithoutOne() {
    JsonNode decision =
        gateway.json(gateway.post("/v1/check", "{\"domain\":\"api\",\"attributes\":{}}"));

    assertThat(decision.path("request_id").asText()).hasSize(36);
    assertThat(decision.path("reason").asText()).isEqualTo("NO_RULE");
  }

  @Test
  void whatTheStreamDeniesAsInvalidIsDeniedHereToo() {
    String long1024 = "x".repeat(1_024);
    JsonNode decision =
        gateway.json(
            gateway.post(
                "/v1/check",
                "{\"domain\":\"api\",\"attributes\":{\"user_id\":\"" + long1024 + "\"}}"));

    assertThat(decision.path("reason").asText()).isEqualTo("INVALID_REQUEST");
    assertThat(decision.path("message").asText()).contains("it may have 1024");
  }

  @Test
  void aBatchIsJudgedOneByOneAndAnsweredInOrder() {
    JsonNode answer =
        gateway.json(
            gateway.post(
                "/v1/check",
                "{\"requests\":["
                    + IntStream.range(0, 6)
                        .mapToObj(i -> USER.replace("mine", "r" + i))
                        .collect(Collectors.joining(","))
                    + "]}"));

    List<String> verdicts = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    answer
        .path("decisions")
        .forEach(
            each -> {
              verdicts.add(each.path("verdict").asText());
              ids.add(each.path("request_id").asText());
            });
    assertThat(verdicts).containsExactly("ALLOW", "ALLOW", "ALLOW", "DENY", "DENY", "DENY");
    assertThat(ids).containsExactly("r0", "r1", "r2", "r3", "r4", "r5");
  }

  @Test
  void oneBadRequestOfABatchIsNamedAndNothingIsCharged() {
    HttpResponse<String> response =
        gateway.post(
            "/v1/check",
            "{\"requests\":[" + USER + ",{\"domian\":\"api\"}," + with("\"cost\":-1") + "]}");

    assertThat(detail(response, 400))
        .isEqualTo(
            "requests[1]: a request has no field domian; did you mean domain?; domain is missing;"
                + " requests[2]: cost is -1; it must be 0 or more");
    assertThat(gateway.told).isEmpty();
    assertThat(remaining(with("\"cost\":0"))).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"requests\":[]} | requests is a list of 0; give a list of 1 to 1000 requests",
        "{\"requests\":7} | requests is no list; give a list of 1 to 1000 requests",
        "{\"requests\":[7]} | requests[0]: a request is a JSON object, such as {\"domain\": \"api\", …}",
        "{\"requests\":[{\"domain\":\"api\"}],\"cost\":1} | a batch has no field cost beside requests",
      })
  void aBatchThatMakesNoSenseIsTold(String body, String message) {
    assertThat(detail(gateway.post("/v1/check", body), 400)).startsWith(message);
  }

  @Test
  void aBatchIsBounded() {
    String body =
        "{\"requests\":["
            + IntStream.range(0, 1_001).mapToObj(i -> "{}").collect(Collectors.joining(","))
            + "]}";

    assertThat(detail(gateway.post("/v1/check", body), 400))
        .startsWith("requests is a list of 1001");
    assertThat(detail(gateway.post("/v1/check?status=429", "{\"requests\":[{}]}"), 400))
        .startsWith("status is for one request");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | the body is not JSON: it ends too early",
        "{]} | the body is not JSON from line 1, column 2 on",
        "[] | the body is a JSON object, such as",
        "7 | the body is a JSON object, such as",
        "{} {} | the body is not one JSON object",
        "{\"domain\":\"api\",\"domain\":\"b\"} | the body has a field twice, at line 1, column 25",
        "{} | domain is missing",
        "{\"domain\":\"\"} | domain is empty; give 1 to 256 characters",
        "{\"domain\":7} | domain is 7; it must be a text in quotes",
        "{\"domain\":\"a\",\"cots\":7} | a request has no field cots; did you mean cost?",
        "{\"domain\":\"a\",\"cost\":\"1\"} | cost is \"1\"; it must be a whole number",
        "{\"domain\":\"a\",\"cost\":1e30} | cost is 1.0E30; it must be a whole number up to 9223372036854775807",
        "{\"domain\":\"a\",\"cost\":1.5} | cost is 1.5; it must be a whole number",
        "{\"domain\":\"a\",\"attributes\":7} | attributes is no JSON object",
        "{\"domain\":\"a\",\"attributes\":{\"x\":{}}} | the attribute x is no plain value",
        "{\"domain\":\"a\",\"charged_at\":1} | a request has no field charged_at",
        "{\"domain\":\"a\",\"operation\":\"PEEK\"} | a request has no field operation",
        "{\"domain\":\"a\",\"request_id\":\"\"} | request_id is empty",
      })
  void aBodyThatMakesNoSenseIsTold(String body, String message) {
    assertThat(detail(gateway.post("/v1/check", body), 400)).startsWith(message);
    assertThat(gateway.told).isEmpty();
  }

  @Test
  void aBodyOfAnotherTypeIsRefused() {
    HttpResponse<String> response =
        gateway.send(
            "POST",
            "/v1/check",
            Optional.of(USER),
            "Content-Type",
            "application/x-www-form-urlencoded");

    assertThat(detail(response, 415)).contains("Content-Type: application/json");
    assertThat(gateway.send("POST", "/v1/check", Optional.of(USER)).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    String large = with("\"x\":\"" + "x".repeat(HttpDoor.MAX_BODY_BYTES) + "\"");

    assertThat(detail(gateway.post("/v1/check", large), 413)).contains("more than 256 KiB");
  }

  @Test
  void theLongestRequestFits() {
    String attributes =
        IntStream.range(0, 64)
            .mapToObj(i -> "\"k%02d\":\"%s\"".formatted(i, "\u4e2d".repeat(1_021)))
            .collect(Collectors.joining(","));

    assertThat(
            gateway
                .post("/v1/check", "{\"domain\":\"api\",\"attributes\":{" + attributes + "}}")
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void aRequestWithoutABodyIsInTheQuery(String method) {
    HttpResponse<String> response =
        gateway.send(
            method,
            "/v1/check?domain=api&user_id=42&cost=2&request_id=q&attribute.cost=x",
            Optional.empty());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    JsonNode decision = gateway.json(response);
    assertThat(decision.path("request_id").asText()).isEqualTo("q");
    assertThat(decision.path("statuses")).hasSize(2);
    assertThat(decision.findValuesAsText("state_key")).contains("api/cost=x|#", "api/user_id=42|#");
    assertThat(decision.path("reason").asText())
        .as("cost 2 of the limit 1 on the attribute cost")
        .isEqualTo("NEVER_FITS");
  }

  @Test
  void aProxysCheckIsDeniedWithTheStatusThatItUnderstands() {
    String query = "/v1/check?domain=api&user_id=42&status=403";
    for (int i = 0; i < 3; i++) {
      assertThat(gateway.get(query).statusCode()).isEqualTo(200);
    }
    HttpResponse<String> denied = gateway.get(query);

    assertThat(denied.statusCode()).isEqualTo(403);
    assertThat(denied.headers().firstValue("Retry-After")).hasValue("20");
    assertThat(denied.headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  @Test
  void anAttributeCanBeWhatAFieldOfTheRequestSays() {
    String query = "/v1/check?domain=api&header.user_id=X-User&header.ip=X-Real-Ip";
    JsonNode both = gateway.json(gateway.get(query, "X-User", "4 2", "X-Real-Ip", "192.0.2.1"));
    JsonNode none = gateway.json(gateway.get(query));

    assertThat(both.findValuesAsText("state_key"))
        .containsExactlyInAnyOrder("api/user_id=4%202|#", "api/ip=192.0.2.1|#");
    assertThat(none.path("reason").asText()).isEqualTo("NO_RULE");
  }

  @Test
  void withoutAnyAttributeNoRuleMatchesHoweverItIsAsked() {
    List<HttpResponse<String>> responses =
        List.of(
            gateway.post("/v1/check", "{\"domain\":\"api\"}"),
            gateway.post("/v1/check", "{\"domain\":\"api\",\"attributes\":{}}"),
            gateway.get("/v1/check?domain=api"),
            gateway.send("POST", "/v1/check?domain=api", Optional.empty()),
            gateway.get("/v1/check?domain=api&status=429"));

    assertThat(responses)
        .allSatisfy(
            response -> {
              assertThat(response.statusCode()).isEqualTo(200);
              assertThat(gateway.json(response).path("reason").asText()).isEqualTo("NO_RULE");
            });
  }

  @Test
  void aFieldThatComesTwiceIsRefused() {
    HttpResponse<String> response =
        gateway.get(
            "/v1/check?domain=api&header.user_id=X-User", "X-User", "mine", "X-User", "another");

    assertThat(detail(response, 400))
        .isEqualTo(
            "the request has the field X-User 2 times, and header.user_id takes one; let the proxy"
                + " set it");
    assertThat(gateway.told).isEmpty();
  }

  @Test
  void aStopDoesNotComeBetweenTheRequestsOfABatch() {
    gateway.change =
        decision -> {
          gateway.readiness.stopping();
          return decision;
        };

    HttpResponse<String> response =
        gateway.post("/v1/check", "{\"requests\":[" + USER + "," + USER + "]}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(gateway.json(response).path("decisions")).hasSize(2);
  }

  @Test
  void aRefundOfWhatIsYetToComeIsRefused() {
    String body = "{\"domain\":\"api\",\"attributes\":{\"user_id\":\"42\"},\"charged_at\":%d}";
    long latest = FakeGateway.NOW + 300_000;

    assertThat(gateway.post("/v1/refund", body.formatted(latest)).statusCode()).isEqualTo(200);
    assertThat(detail(gateway.post("/v1/refund", body.formatted(latest + 1)), 400))
        .isEqualTo(
            "charged_at is 1700000300001 (2023-11-14T22:18:20.001Z), more than 300000 ms ahead of"
                + " the clock; give the evaluation_time of the decision, in milliseconds");
  }

  @Test
  void headMustNotCharge() {
    HttpResponse<String> response =
        gateway.send("HEAD", "/v1/check?domain=api&user_id=42", Optional.empty());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("GET, POST");
    assertThat(gateway.told).isEmpty();
    assertThat(gateway.send("PUT", "/v1/check", Optional.empty()).headers().firstValue("Allow"))
        .hasValue("GET, POST");
    assertThat(gateway.get("/v1/refund").headers().firstValue("Allow")).hasValue("POST");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/check | the parameter domain is missing",
        "/v1/check?domain=api&u=1&status=200 | status is '200'; it must be the status of a denial",
        "/v1/check?domain=api&u=1&status=4000 | status is '4000'",
        "/v1/check?domain=api&u=1&cost=x | cost is 'x'; it must be a whole number from 0 to 9223372036854775807",
        "/v1/check?domain=api&u=1&cost=-1 | cost is '-1'",
        "/v1/check?domain=api&u=1&cost=9223372036854775808 | cost is '9223372036854775808'; it must",
        "/v1/check?domain=api&header.u= | header.u is '', which no field can be called",
        "/v1/check?domain=api&header.u=X%20Y | header.u is 'X Y', which no field can be called",
        "/v1/check?domain=api&u=1&u=2 | the parameter u is there more than once",
        "/v1/check?domain=api&u=1&attribute.u=2 | the attribute u is there with and without",
        "/v1/check?domain=api&header.=2 | the parameter header. names no attribute",
        "/v1/check?header.u=X | the parameter domain is missing",
        "/v1/check?domain=api&u=1&request_id= | request_id is empty",
      })
  void aQueryThatMakesNoSenseIsTold(String path, String message) {
    HttpResponse<String> response = gateway.get(path);

    assertThat(detail(response, 400)).startsWith(message);
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(gateway.told).isEmpty();
  }

  @Test
  void aBodyAndAQueryAreNotMixed() {
    assertThat(detail(gateway.post("/v1/check?user_id=42", USER), 400))
        .startsWith("the parameter user_id is there beside a body");
  }

  @Test
  void whoWantsToKnowIsToldOfEachDecision() {
    exhaust();
    gateway.post("/v1/check", USER);

    assertThat(gateway.told)
        .extracting(decided -> decided.decision().verdict())
        .containsExactly(Verdict.ALLOW, Verdict.ALLOW, Verdict.ALLOW, Verdict.DENY);
    assertThat(gateway.told)
        .allSatisfy(
            decided -> {
              assertThat(decided.requestId()).isEqualTo("mine");
              assertThat(decided.domain()).isEqualTo("api");
            });
  }

  private void exhaust() {
    for (int i = 0; i < 3; i++) {
      assertThat(gateway.post("/v1/check", USER).statusCode()).isEqualTo(200);
    }
  }

  private static String with(String field) {
    return USER.replace("{\"domain\"", "{" + field + ",\"domain\"");
  }

  private int remaining(String body) {
    return gateway
        .json(gateway.post("/v1/check", body))
        .path("statuses")
        .path(0)
        .path("remaining")
        .asInt();
  }

  private String detail(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    return gateway.json(response).path("detail").asText();
  }
}
