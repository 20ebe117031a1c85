package io.weir.streams.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RulesHttpTest {
  private final FakeWeir weir = new FakeWeir();
  private final ObjectMapper json = new ObjectMapper();

  @AfterEach
  void stop() {
    weir.close();
  }

  @Test
  void theRulesOfAllDomainsAreListedWithTheirRevisions() throws IOException {
    JsonNode domains = json.readTree(weir.get("/v1/rules").body()).path("domains");

    assertThat(domains).hasSize(1);
    assertThat(domains.get(0).path("domain").asText()).isEqualTo("api");
    assertThat(domains.get(0).path("revision").asLong()).isEqualTo(FakeWeir.REVISION);
  }

  @Test
  void theRulesOfADomainAreGivenAsJson() throws IOException {
    JsonNode rules = json.readTree(weir.get("/v1/rules/api").body()).path("rules");

    JsonNode descriptor = rules.path("descriptors").get(0);
    assertThat(descriptor.path("key").asText()).isEqualTo("user_id");
    assertThat(descriptor.path("rate_limit").path("requests_per_unit").asInt()).isEqualTo(10);
  }

  @Test
  void whoAsksForYamlGetsARulesFile() throws IOException {
    HttpResponse<String> response = weir.get("/v1/rules/api", "Accept", "application/yaml");

    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/yaml");
    assertThat(response.headers().firstValue("Weir-Rules-Revision")).hasValue("7");
    assertThat(new YAMLMapper().readTree(response.body()))
        .isEqualTo(json.readTree(weir.get("/v1/rules/api").body()).path("rules"))
        .hasSize(2);
  }

  @Test
  void aDomainWithoutRulesIsNotFound() {
    HttpResponse<String> response = weir.get("/v1/rules/shop");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body())
        .contains("unknown-domain")
        .contains("there are no rules of the domain shop; there are those of api");
  }

  @ParameterizedTest
  @EnumSource(Readiness.Phase.class)
  void rulesStayVisibleWhateverHappensButNotBeforeAllOfThemWereLoaded(Readiness.Phase phase) {
    weir.readiness = new Readiness.NotReady(phase, "it is not ready");
    assertThat(weir.get("/v1/rules").statusCode()).isEqualTo(200);

    weir.rulesLoaded = false;
    for (String path : List.of("/v1/rules", "/v1/rules/api", "/v1/rules/shop")) {
      HttpResponse<String> response = weir.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(503);
      assertThat(response.body()).contains("it is not ready");
    }
  }
}
