package io.weir.streams.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.lifecycle.Startables;

/** The gateway in a container, and a Redis in another one that is paused and killed. */
@WithContainers
class GatewayContainerIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int DOOR = 8080;
  private static final String RULES =
      """
      domain: api
      descriptors:
        - {key: user_id, rate_limit: {unit: year, requests_per_unit: 3, on_error: deny}}
      """;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Network network = Network.newNetwork();
  private final GenericContainer<?> redis =
      new GenericContainer<>(Images.REDIS)
          .withNetwork(network)
          .withNetworkAliases("redis")
          .withCommand("redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--save", "")
          .waitingFor(Wait.forLogMessage(".*eady to accept.*\\n", 1));
  private final GenericContainer<?> gateway;

  GatewayContainerIT(AppImage image) {
    this.gateway =
        new GenericContainer<>(image.name())
            .withNetwork(network)
            .withExposedPorts(DOOR)
            .withCommand("gateway")
            .withEnv("WEIR_REDIS_URI", "redis://redis:6379")
            // Other tests have the cores, too; a process that is cold takes longer than this.
            .withEnv("WEIR_REDIS_TIMEOUT", "250ms")
            .withEnv("WEIR_GATEWAY_RULES_FILE", "/rules.yaml")
            .withCopyToContainer(Transferable.of(RULES), "/rules.yaml")
            .waitingFor(Wait.forHealthcheck().withStartupTimeout(PATIENCE));
  }

  @BeforeEach
  void start() {
    Startables.deepStart(redis, gateway).join();
  }

  @AfterEach
  void stop() {
    gateway.stop();
    redis.stop();
    network.close();
  }

  @Test
  void whileRedisIsPausedOrKilledOnErrorDecidesAndThenRedisAgain() throws Exception {
    DockerClient docker = redis.getDockerClient();
    String id = redis.getContainerId();
    // The first one that it is asked.
    assertThat(check("anne").path("reason").asText()).isEqualTo("WITHIN_LIMIT");

    docker.pauseContainerCmd(id).exec();
    JsonNode paused = check("anne");
    assertThat(paused.path("reason").asText()).isEqualTo("BACKEND_FAILED");
    assertThat(paused.path("degraded").asBoolean()).isTrue();
    docker.unpauseContainerCmd(id).exec();
    awaitReason("ben", "WITHIN_LIMIT");

    docker.killContainerCmd(id).exec();
    awaitReason("ben", "BACKEND_FAILED");
    docker.startContainerCmd(id).exec();
    awaitReason("carl", "WITHIN_LIMIT");
    awaitReason("carl", "OVER_LIMIT");
    assertThat(gateway.getLogs())
        .contains("The gateway decided without Redis: ")
        .doesNotContain("ERROR", "\tat ");
  }

  private void awaitReason(String user, String reason) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(check(user).path("reason").asText()).isEqualTo(reason));
  }

  private JsonNode check(String user) throws IOException, InterruptedException {
    String door = "http://" + gateway.getHost() + ":" + gateway.getMappedPort(DOOR) + "/v1/check";
    String body = "{\"domain\": \"api\", \"attributes\": {\"user_id\": \"" + user + "\"}}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(door))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .timeout(PATIENCE)
            .build();
    return json.readTree(client.send(request, BodyHandlers.ofString()).body());
  }
}
