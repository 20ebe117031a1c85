package io.weir.streams.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.cli.Commands.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** {@code docker-compose.yml} as a person starts it, used through the ports that it publishes. */
@WithContainers
class ComposeIT {
  private static final int USERS = 20;
  private static final int REQUESTS = 400;
  private static final int A_SECOND = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void theStackComesUpAndLosesNoDecisionWhenAnInstanceIsKilled() throws Exception {
    Stack stack = new Stack();
    try (stack) {
      long startNanos = System.nanoTime();
      stack.compose("up", "--build", "--wait");
      say("all healthy after", startNanos);

      try (Arrivals decisions = new Arrivals(stack.bootstrapServers())) {
        decidesWhatIsSent(stack, decisions);
        bothInstancesAnswerAlike(stack);
        theGatewayAnswers(stack, decisions);
        whoIsInAContainerFindsAll(stack);
        everythingIsDecidedThoughAnInstanceIsKilled(stack, decisions);
      }
      theRegistryIsBackWithWhatItHad(stack);
      stack.compose("up", "--wait");
      // The instance that comes back has asked the registry for the schema of the rules.
      bothInstancesAnswerAlike(stack);
      assertThat(stack.leftOver()).isNotEmpty();
    }
    assertThat(stack.leftOver()).isEmpty();
  }

  /** What was registered at the start, with its numbers; nothing else came since. */
  private void theRegistryIsBackWithWhatItHad(Stack stack) throws Exception {
    String registry = stack.url("REGISTRY_PORT") + "/apis/ccompat/v7";
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(get(registry + "/subjects")).hasSize(8));
    String registered = stack.commands().run("schemas", "register", "--json").out();
    assertThat(json.readTree(registered).findValuesAsText("id"))
        .containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
  }

  private static void decidesWhatIsSent(Stack stack, Arrivals decisions) {
    assertThat(send(stack, "first", 100, 1_000).code()).isZero();
    decisions.await("first", 100);
  }

  private void bothInstancesAnswerAlike(Stack stack) throws Exception {
    String path = "/v1/limits?domain=api&user_id=0";
    JsonNode first = get(stack.url("APP_1_PORT") + path).path("limits").path(0);
    JsonNode second = get(stack.url("APP_2_PORT") + path).path("limits").path(0);
    assertThat(first.path("rule").asText()).isEqualTo("per-user");
    // Who holds the identifier is the same, whoever was asked.
    assertThat(second.path("instance")).isEqualTo(first.path("instance"));
  }

  private void theGatewayAnswers(Stack stack, Arrivals decisions) throws Exception {
    JsonNode decision = check(stack, "gateway-0");
    for (int i = 1; i < 3 && decision.path("degraded").asBoolean(); i++) {
      // Others had the cores for longer than Redis is waited for; not three times.
      decision = check(stack, "gateway-" + i);
    }
    assertThat(decision.path("reason").asText()).isEqualTo("WITHIN_LIMIT");
    assertThat(decision.path("degraded").asBoolean()).isFalse();
    decisions.await("gateway", 1);
  }

  private JsonNode check(Stack stack, String requestId) throws Exception {
    String body =
        "{\"domain\": \"api\", \"attributes\": {\"user_id\": \"g\"}, \"request_id\": \"%s\"}"
            .formatted(requestId);
    HttpRequest check =
        HttpRequest.newBuilder(URI.create(stack.url("GATEWAY_PORT") + "/v1/check"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return json.readTree(client.send(check, BodyHandlers.ofString()).body());
  }

  private static void whoIsInAContainerFindsAll(Stack stack) {
    assertThat(stack.compose("run", "--rm", "-T", "cli", "query", "api", "user_id=0"))
        .contains("per-user", ":8080");
    assertThat(stack.compose("run", "--rm", "-T", "cli", "topics", "check", "--replicas", "1"))
        .doesNotContain("error");
  }

  private static void everythingIsDecidedThoughAnInstanceIsKilled(Stack stack, Arrivals decisions)
      throws Exception {
    CompletableFuture<Result> sending =
        CompletableFuture.supplyAsync(() -> send(stack, "killed", REQUESTS, A_SECOND));
    decisions.await("killed", 50);
    stack.compose("kill", "weir-1", "registry");
    stack.compose("up", "--detach", "--no-deps", "registry");
    // Some of these are judged where the killed one judged; requests go on meanwhile.
    decisions.await("killed", REQUESTS);
    assertThat(sending.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).code()).isZero();
    assertThat(decisions.repeated()).isEmpty();
    System.out.printf(
        "Compose: the next decision for who was judged by a killed instance came after %.1f s%n",
        decisions.longestWait("killed").toMillis() / 1e3);
  }

  /** Sends requests of so many users in turn, of which the ids begin alike. */
  private static Result send(Stack stack, String name, int count, int perSecond) {
    StringBuilder lines = new StringBuilder();
    IntStream.range(0, count)
        .forEach(
            i ->
                lines.append(
                    "{\"request_id\": \"%s-%d\", \"domain\": \"api\", \"attributes\": {\"user_id\": \"%d\"}}\n"
                        .formatted(name, i, i % USERS)));
    return stack
        .commands()
        .withInput(lines.toString())
        .run("send", "--rate", String.valueOf(perSecond));
  }

  private JsonNode get(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return json.readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  private static void say(String what, long startNanos) {
    System.out.printf("Compose: %s %.1f s%n", what, (System.nanoTime() - startNanos) / 1e9);
  }
}
