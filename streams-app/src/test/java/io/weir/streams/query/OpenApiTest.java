package io.weir.streams.query;

import static io.weir.streams.query.FakeWeir.LOGIN_ROW;
import static io.weir.streams.query.FakeWeir.NOW;
import static io.weir.streams.query.FakeWeir.USER_ROW;
import static io.weir.streams.query.FakeWeir.missing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.StoredLimit;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the OpenAPI document to what the door really does. */
class OpenApiTest {
  private final FakeWeir weir = new FakeWeir();
  private JsonNode document = new ObjectMapper().createObjectNode();

  @BeforeEach
  void read() throws IOException {
    document = new YAMLMapper().readTree(weir.get("/openapi.yaml").body());
  }

  @AfterEach
  void stop() {
    weir.close();
  }

  @Test
  void everyRouteIsInTheDocumentAndEveryPathOfItIsARoute() {
    Set<String> routes =
        weir.routes().stream()
            .map(
                route ->
                    route.method().name().toLowerCase(Locale.ROOT)
                        + " "
                        + route.path().replace('<', '{').replace('>', '}'))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> paths = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> paths.add(method + " " + path.getKey())));

    assertThat(paths).isEqualTo(routes).isNotEmpty();
    assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
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
  void whatIsAnsweredIsWhatTheDocumentSays(String request, String path, int status)
      throws IOException {
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
  void whatIsAnsweredBeforeTheStartIsWhatTheDocumentSays(String request, String path)
      throws IOException {
    weir.readiness = new Readiness.NotReady(Readiness.Phase.STARTING, "loading the rules");
    weir.rulesLoaded = false;

    HttpResponse<String> response = weir.get(request);

    assertDescribed(response, path, 503);
    assertThat(resolved(response(path, 503)).path("headers").has("Retry-After")).isTrue();
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void aFaultIsAnsweredAsTheDocumentSays() throws IOException {
    weir.rowsFail = true;

    assertDescribed(weir.get("/v1/limits?domain=api&user_id=42"), "/v1/limits", 500);
  }

  @ParameterizedTest
  @CsvSource({"/metrics, text/plain", "/openapi.yaml, application/yaml"})
  void textIsOfTheTypeThatTheDocumentSays(String path, String type) {
    HttpResponse<String> response = weir.get(path);

    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
    assertThat(response(path, 200).path("content").has(type)).isTrue();
  }

  private void assertDescribed(HttpResponse<String> response, String path, int status)
      throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    String type = response.headers().firstValue("Content-Type").orElseThrow();
    JsonNode schema = resolved(response(path, status)).path("content").path(type).path("schema");
    assertThat(schema.isObject()).as("a schema of %s for %s %s", type, path, status).isTrue();

    assertThat(schema(schema).validate(new ObjectMapper().readTree(response.body()))).isEmpty();
  }

  private JsonNode response(String path, int status) {
    return document
        .path("paths")
        .path(path)
        .path("get")
        .path("responses")
        .path(String.valueOf(status));
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isMissingNode() ? node : document.at(reference.asText().substring(1));
  }

  /** The schema together with the components that it refers to. */
  private JsonSchema schema(JsonNode schema) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.path("components"));
    return JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(whole, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
  }
}
