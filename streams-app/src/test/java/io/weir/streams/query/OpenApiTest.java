package io.weir.streams.query;

import static io.weir.streams.query.FakeWeir.LOGIN_ROW;
import static io.weir.streams.query.FakeWeir.NOW;
import static io.weir.streams.query.FakeWeir.USER_ROW;
import static io.weir.streams.query.FakeWeir.missing;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.StoredLimit;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the OpenAPI document to what the door really does. */
class OpenApiTest {
  private final FakeWeir weir = new FakeWeir();
  private final OpenApiDocument document = OpenApiDocument.read(weir.get("/openapi.yaml"));

  @AfterEach
  void stop() {
    weir.close();
  }

  @Test
  void everyRouteIsInTheDocumentAndEveryPathOfItIsARoute() {
    document.assertDescribes("application", weir.routes());
    assertThat(document.root().path("openapi").asText()).isEqualTo("3.1.0");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/limits?domain=api&user_id=42&endpoint=/login&ip=1, /v1/limits, 200",
    "/v1/limits?domain=api&nothing=1, /v1/limits, 200",
    "/v1/limits, /v1/limits, 400",
    "/v1/identifiers/api/user_id=42, /v1/identifiers/{identifier}, 200",
    "/v1/identifiers/42, /v1/identifiers/{identifier}, 400",
    "/v1/rules, /v1/rules, 200",
    "/v1/rules?x=1, /v1/rules, 400",
    "/v1/rules/api, /v1/rules/{domain}, 200",
    "/v1/rules/shop, /v1/rules/{domain}, 404",
    "/health/live, /health/live, 200",
    "/health/ready, /health/ready, 200",
  })
  void whatIsAnsweredIsWhatTheDocumentSays(String request, String path, int status) {
    weir.rows.put(USER_ROW, missing(10, NOW));
    weir.rows.put(
        LOGIN_ROW,
        new StoredLimit(FakeWeir.PER_SECOND, new FixedWindowState(1, NOW.toEpochMilli())));

    assertDescribed(weir.get(request), path, status);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/limits?domain=api&user_id=42, /v1/limits",
    "/v1/identifiers/api/user_id=42, /v1/identifiers/{identifier}",
    "/v1/rules, /v1/rules",
    "/v1/rules/api, /v1/rules/{domain}",
    "/health/ready, /health/ready",
  })
  void whatIsAnsweredBeforeTheStartIsWhatTheDocumentSays(String request, String path) {
    weir.readiness = new Readiness.NotReady(Readiness.Phase.STARTING, "loading the rules");
    weir.rulesLoaded = false;

    HttpResponse<String> response = weir.get(request);

    assertDescribed(response, path, 503);
    assertThat(document.response("get", path, 503).path("headers").has("Retry-After")).isTrue();
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void aFaultIsAnsweredAsTheDocumentSays() {
    weir.rowsFail = true;

    assertDescribed(weir.get("/v1/limits?domain=api&user_id=42"), "/v1/limits", 500);
  }

  @ParameterizedTest
  @CsvSource({"/metrics, text/plain", "/openapi.yaml, application/yaml"})
  void textIsOfTheTypeThatTheDocumentSays(String path, String type) {
    HttpResponse<String> response = weir.get(path);

    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
    assertThat(document.response("get", path, 200).path("content").has(type)).isTrue();
  }

  private void assertDescribed(HttpResponse<String> response, String path, int status) {
    document.assertDescribes(response, "get", path, status);
  }
}
