package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.query.OpenApiDocument;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the OpenAPI document to what the gateway really does. */
class GatewayOpenApiTest {
  private static final String USER = "{\"domain\":\"api\",\"attributes\":{\"user_id\":\"42\"}}";

  private final FakeGateway gateway = new FakeGateway();
  private final OpenApiDocument document = OpenApiDocument.read(gateway.get("/openapi.yaml"));

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void everyRouteIsInTheDocument() {
    document.assertDescribes("gateway", gateway.routes());
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/check?domain=api&user_id=42&endpoint=/login&ip=1, /v1/check, 200",
    "/v1/check?domain=api&nothing=1, /v1/check, 200",
    "/v1/check?domain=api&user_id=42&cost=4&status=429, /v1/check, 429",
    "/v1/check, /v1/check, 400",
    "/v1/limits?domain=api&user_id=42&endpoint=/login&ip=1, /v1/limits, 200",
    "/v1/identifiers/api/user_id=42, /v1/identifiers/{identifier}, 200",
    "/v1/rules, /v1/rules, 200",
    "/v1/rules/api, /v1/rules/{domain}, 200",
    "/health/live, /health/live, 200",
    "/health/ready, /health/ready, 200",
  })
  void whatIsAnsweredIsWhatTheDocumentSays(String request, String path, int status) {
    document.assertDescribes(gateway.get(request), "get", path, status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/check | {\"domain\":\"api\",\"attributes\":{\"user_id\":\"\"}} | 200",
        "/v1/check | {\"requests\":[{\"domain\":\"api\"},{\"domain\":\"api\"}]} | 200",
        "/v1/check | {} | 400",
        "/v1/refund | {\"domain\":\"api\",\"attributes\":{\"user_id\":\"1\"},\"charged_at\":1} | 200",
        "/v1/refund | {} | 400",
        "/v1/reset | {\"domain\":\"api\",\"attributes\":{\"user_id\":\"1\"}} | 200",
        "/v1/reset | {} | 400",
      })
  void whatIsSentIsAnsweredAsTheDocumentSays(String path, String body, int status) {
    document.assertDescribes(gateway.post(path, body), "post", path, status);
  }

  @Test
  void aDenialWithAStatusIsInTheDocument() {
    gateway.post("/v1/check", USER.replace("{\"domain", "{\"cost\":3,\"domain"));

    HttpResponse<String> denied = gateway.post("/v1/check?status=429", USER);

    document.assertDescribes(denied, "post", "/v1/check", 429);
    document
        .response("post", "/v1/check", 429)
        .path("headers")
        .fieldNames()
        .forEachRemaining(name -> assertThat(denied.headers().firstValue(name)).isPresent());
  }

  @ParameterizedTest
  @CsvSource({"text/plain, 415", "application/json, 413"})
  void aBodyThatIsRefusedIsInTheDocument(String type, int status) {
    String body = "x".repeat(status == 413 ? 300_000 : 1);

    document.assertDescribes(
        gateway.send("POST", "/v1/check", Optional.of(body), "Content-Type", type),
        "post",
        "/v1/check",
        status);
  }

  @ParameterizedTest
  @CsvSource({"get, /v1/check?domain=api&user_id=42, /v1/check", "post, /v1/reset, /v1/reset"})
  void whoIsNotReadySaysSoAsTheDocumentHasIt(String method, String request, String path) {
    gateway.readiness.stopping();

    document.assertDescribes(
        method.equals("get") ? gateway.get(request) : gateway.post(request, USER),
        method,
        path,
        503);
  }
}
