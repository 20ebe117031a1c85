package io.weir.streams.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HealthHttpTest {
  private final FakeWeir weir = new FakeWeir();

  @AfterEach
  void stop() {
    weir.close();
  }

  @Test
  void aRunningApplicationIsReady() throws IOException {
    HttpResponse<String> response = weir.get("/health/ready");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new ObjectMapper().readTree(response.body()).path("status").asText())
        .isEqualTo("ready");
  }

  @ParameterizedTest
  @EnumSource(Readiness.Phase.class)
  void whatIsNotReadySaysWhyAndLives(Readiness.Phase phase) throws IOException {
    weir.readiness = new Readiness.NotReady(phase, "because of it");

    HttpResponse<String> response = weir.get("/health/ready");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    JsonNode body = new ObjectMapper().readTree(response.body());
    assertThat(body.path("status").asText()).isEqualTo(phase.word());
    assertThat(body.path("detail").asText()).isEqualTo("because of it");
    assertThat(weir.get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void aProbeThatAsksForTheHeadAloneIsToldTheSame() {
    weir.readiness = new Readiness.NotReady(Readiness.Phase.STARTING, "because of it");

    HttpResponse<String> response = weir.send("HEAD", "/health/ready");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void prometheusCanScrapeBothOfItsFormats() {
    HttpResponse<String> text = weir.get("/metrics");
    assertThat(text.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(text.body()).contains("weir_test_total 1.0");

    HttpResponse<String> open =
        weir.get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0");
    assertThat(open.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(open.body()).endsWith("# EOF\n");
  }
}
