package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An instance whose address is an IPv6 literal knows that what it holds is its own. */
@ExtendWith(RealBroker.class)
class Ipv6IT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final KafkaProcess kafka;
  private final RegistryProcess registry;
  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir private Path stateDir;

  @SuppressWarnings("NullAway.Init") // JUnit injects the directory
  Ipv6IT(KafkaProcess kafka, RegistryProcess registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  @BeforeAll
  static void needsIpv6() {
    assumeTrue(Loopback.hasIpv6(), "this machine has no IPv6 loopback address");
  }

  @Test
  void queriesAreAnsweredWhereTheDoorListensOnABareLiteral() throws Exception {
    assertAnswers(Map.of("http.host", "::1"));
  }

  @Test
  void queriesAreAnsweredWhereALiteralInBracketsIsAdvertised() throws Exception {
    String port = String.valueOf(Loopback.freeIpv6Port());
    assertAnswers(
        Map.of(
            "http.host",
            "[::1]",
            "http.port",
            port,
            "http.advertised",
            "[0:0:0:0:0:0:0:1]:" + port));
  }

  private void assertAnswers(Map<String, String> settings) throws Exception {
    RunningWeir weir = RunningWeir.create(kafka, registry, stateDir, settings);
    weir.applyRules(
        """
        domain: api
        descriptors:
          - {key: user_id, rate_limit: {unit: minute, requests_per_unit: 10}}
        """);
    try (WeirApplication application = weir.start()) {
      URI uri =
          URI.create("http://[::1]:" + application.httpPort() + "/v1/limits?domain=api&user_id=42");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                assertThat(response.body()).contains("\"remaining\":10", "\"instance\":\"[");
                assertThat(response.statusCode()).isEqualTo(200);
              });
    }
  }
}
