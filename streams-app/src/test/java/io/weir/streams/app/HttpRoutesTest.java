package io.weir.streams.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.Judge;
import io.weir.limiter.redis.StoredRows;
import io.weir.limiter.rule.DomainRules;
import io.weir.streams.query.HttpDoor;
import io.weir.streams.query.HttpSettings;
import io.weir.streams.query.Readiness;
import io.weir.streams.topology.RulesView;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

class HttpRoutesTest {
  private final RulesView rules = new RulesView();
  private static final Duration PEER_TIMEOUT = Duration.ofSeconds(1);

  @Test
  void theReadinessTellsOfRedisWhereTheStateIsThereAndIsTheSameWithoutIt() throws Exception {
    StoredRows none = new StoredRows(0, new TreeMap<>());
    assertThat(ready(inRedis(CompletableFuture.completedStage(none))))
        .isEqualTo(
            "200 {\"status\":\"ready\",\"detail\":\"the application is running\","
                + "\"redis\":\"available\",\"rules\":\"current\"}");
    assertThat(ready(inRedis(CompletableFuture.failedStage(new IllegalStateException("away")))))
        .isEqualTo(
            "200 {\"status\":\"ready\",\"detail\":\"the application is running\","
                + "\"redis\":\"unavailable\",\"rules\":\"current\"}");
    assertThat(ready(new LimitsPlace.Store("limits")))
        .isEqualTo(
            "200 {\"status\":\"ready\",\"detail\":\"the application is running\","
                + "\"rules\":\"current\"}");
  }

  @Test
  void theReadinessTellsOfRulesThatCouldNotBeRead() throws Exception {
    rules.put(DomainRules.of("api", List.of()));
    rules.skip("api", "the record makes no sense");
    assertThat(ready(new LimitsPlace.Store("limits")))
        .contains("200 ", "\"rules\":\"stale: the record makes no sense\"");
  }

  private static LimitsPlace inRedis(CompletionStage<StoredRows> answer) {
    return new LimitsPlace.Redis(identifier -> answer);
  }

  /** Status and body of a running application's readiness. */
  private String ready(LimitsPlace place) throws Exception {
    HttpRoutes routes =
        new HttpRoutes(
            new QueryParts(place, rules, match -> Optional.empty(), new Judge()),
            Readiness.Ready::new,
            () -> true,
            Optional::empty,
            () -> new HostInfo("127.0.0.1", 1),
            InstantSource.system());
    ObjectMapper mapper = new ObjectMapper();
    try (HttpDoor door =
        new HttpDoor(
            HttpSettings.of("127.0.0.1", 0, PEER_TIMEOUT),
            routes.routes(
                PEER_TIMEOUT, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), mapper),
            mapper)) {
      door.start();
      URI uri = URI.create("http://127.0.0.1:" + door.port() + "/health/ready");
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      return response.statusCode() + " " + response.body().strip();
    }
  }
}
