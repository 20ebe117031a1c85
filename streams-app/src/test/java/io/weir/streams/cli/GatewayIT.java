package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RedisProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.RealBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir gateway} in a process of its own, on a real Redis. */
@ExtendWith(RealBroker.class)
class GatewayIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int ENDED_BY_SIGTERM = 143;
  private static final int DENIED = 3;
  private static final Pattern DOOR = Pattern.compile("HTTP on (127\\.0\\.0\\.1:\\d+)");

  @TempDir Path directory;
  private final RedisProcess redis = RedisProcess.start(RealBroker.files());
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void callersSpendFromOneBudgetByTheRulesOfTheTopic(KafkaProcess kafka, RegistryProcess registry)
      throws Exception {
    RealWeir weir = RealWeir.in(directory, kafka, registry);
    weir.commands().run("topics", "apply", "--replicas", "1");
    applyToTopic(weir, 3);
    Map<String, String> environment = with(weir.environment());
    Path log = directory.resolve("gateway.log");
    Process first = RunProcess.startGateway(log, environment);
    Path secondLog = directory.resolve("second.log");
    Process second = RunProcess.startGateway(secondLog, environment);
    try {
      String[] doors = {url(log), url(secondLog)};
      for (int i = 0; i < 3; i++) {
        assertThat(check(doors[i % 2]).code()).isZero();
      }
      Result denied = check(doors[1]);
      assertThat(denied.code()).isEqualTo(DENIED);
      assertThat(denied.out()).startsWith("DENY: OVER_LIMIT, try again in ");

      applyToTopic(weir, 5);
      for (String door : doors) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(check(door, "--peek").code()).isZero());
      }
      assertThat(check(doors[0], "--cost", "2").code()).isZero();
      assertThat(check(doors[1]).code()).isEqualTo(DENIED);
      assertThat(allowedOfABatch(doors[1], 1_000)).isEqualTo(5);
      JsonNode rows = get(doors[0] + "/v1/identifiers/api/user_id=42");
      assertThat(rows.path("rows").path(0).path("limit").asInt()).isEqualTo(5);
      JsonNode limits = get(doors[1] + "/v1/limits?domain=api&user_id=42");
      assertThat(limits.path("limits").path(0).path("verdict").asText()).isEqualTo("DENY");
    } finally {
      RunProcess.end(first);
      RunProcess.end(second);
    }
    assertThat(first.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(Files.readString(log))
        .contains("Redis at " + redis.uri(), "The gateway is running", "Stopped")
        .doesNotContain("ERROR", "Exception", "\tat ");
  }

  @Test
  void rulesOfAFileNeedNoKafkaAndAreWatched() throws Exception {
    Path rules = write("rules.yaml", 1);
    Path log = directory.resolve("gateway.log");
    Process gateway =
        RunProcess.startGateway(log, with(Map.of("WEIR_GATEWAY_RULES_FILE", rules.toString())));
    try {
      String door = url(log);
      assertThat(check(door).code()).isZero();
      assertThat(check(door).code()).isEqualTo(DENIED);

      Files.writeString(rules, "domain: api\ndescriptors: 7\n");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(get(door + "/health/ready").path("rules").asText())
                      .startsWith("stale: " + rules + ":2: "));
      assertThat(check(door).code()).isEqualTo(DENIED);

      write("rules.yaml", 2);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(check(door, "--peek").code()).isZero());
      assertThat(get(door + "/health/ready").path("rules").asText()).isEqualTo("current");
    } finally {
      RunProcess.end(gateway);
    }
  }

  @Test
  void whileRedisIsAwayOnErrorDecidesAndSaysSo() throws Exception {
    Path rules = write("rules.yaml", 1);
    redis.kill();
    Path log = directory.resolve("gateway.log");
    Process gateway =
        RunProcess.startGateway(
            log,
            with(Map.of("WEIR_GATEWAY_RULES_FILE", rules.toString(), "WEIR_ON_ERROR", "deny")));
    try {
      String door = url(log);
      Result without = check(door);
      assertThat(without.code()).isEqualTo(DENIED);
      assertThat(without.out()).startsWith("DENY: BACKEND_FAILED, without Redis; ");
      assertThat(get(door + "/health/ready").path("redis").asText()).isEqualTo("unavailable");
      assertThat(Files.readString(log)).contains("does not answer; until it does, on.error");

      redis.restart();

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(get(door + "/health/ready").path("redis").asText())
                      .isEqualTo("available"));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(check(door, "--peek").code()).isZero());
      assertThat(check(door).code()).isZero();
      assertThat(check(door).out()).startsWith("DENY: OVER_LIMIT");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                check(door, "--peek");
                assertThat(Files.readString(log)).contains("The gateway decides with Redis again");
              });
      assertThat(Files.readString(log))
          .contains("The gateway decided without Redis: ")
          .doesNotContain(" ERROR ", "Watchdog", "\tat ");
    } finally {
      RunProcess.end(gateway);
    }
  }

  @Test
  void whatIsWrongAtTheStartIsSaid() throws Exception {
    Path rules = write("rules.yaml", 1);
    Map<String, String> ofFile = with(Map.of("WEIR_GATEWAY_RULES_FILE", rules.toString()));

    assertThat(refused(with(Map.of("WEIR_GATEWAY_RULES_FILE", "none.yaml"))))
        .contains("error: none.yaml: there is no such file")
        .contains("hint: gateway.rules.file names the rules");
    Path broken = Files.writeString(directory.resolve("broken.yaml"), "domain: api\nx: 1\n");
    assertThat(refused(with(Map.of("WEIR_GATEWAY_RULES_FILE", broken.toString()))))
        .contains("error: " + broken + ":2: ");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> onTaken = new HashMap<>(ofFile);
      onTaken.put("WEIR_HTTP_PORT", String.valueOf(taken.getLocalPort()));
      assertThat(refused(onTaken))
          .contains("error: cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
    Map<String, String> clustered = new HashMap<>(ofFile);
    clustered.put("WEIR_REDIS_CLUSTER", "true");
    assertThat(refused(clustered))
        .contains("cluster support disabled")
        .contains("hint: set redis.cluster to false, or name servers of a cluster in redis.uri");
    refusesWhatIsNoRedis(ofFile);
    try (RedisClient admin = RedisClient.create(redis.uri());
        StatefulRedisConnection<String, String> connection = admin.connect()) {
      connection.sync().configSet("requirepass", "right");
    }
    Map<String, String> withPassword = new HashMap<>(ofFile);
    withPassword.put("WEIR_REDIS_URI", redis.uri().replace("//", "//:wrong@"));
    assertThat(refused(withPassword))
        .contains("error: redis://(hidden)@127.0.0.1:")
        .contains("Redis refuses the connection: ")
        .contains("hint: redis.uri names Redis, user and password included")
        .doesNotContain("wrong@");
  }

  /** The HTTP door of another gateway. */
  private void refusesWhatIsNoRedis(Map<String, String> environment) throws Exception {
    Path log = directory.resolve("other.log");
    Process other = RunProcess.startGateway(log, environment);
    try {
      String http = url(log).replace("http://", "");
      Map<String, String> ofHttp = new HashMap<>(environment);
      ofHttp.put("WEIR_REDIS_URI", "redis://" + http);
      assertThat(refused(ofHttp))
          .contains("error: redis://" + http + ": what answers at " + http)
          .contains(" does not speak Redis's protocol")
          .contains("hint: redis.uri is redis://host:port of a Redis, or rediss://host:port where");
    } finally {
      RunProcess.end(other);
    }
  }

  @Test
  void withoutRulesThereIsNoStart(KafkaProcess kafka, RegistryProcess registry) throws Exception {
    RealWeir weir = RealWeir.in(directory, kafka, registry);

    assertThat(refused(with(weir.environment())))
        .contains("error: the topic of the rules, " + weir.name() + ".rules, does not exist")
        .contains("hint: ./weir topics apply creates it");
  }

  /** What a gateway says that does not start. */
  private String refused(Map<String, String> environment) throws Exception {
    Path log = directory.resolve("refused.log");
    Process process = RunProcess.launch(log, environment, "gateway");
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(log);
    assertThat(process.exitValue()).as(said).isEqualTo(Weir.FAILED);
    assertThat(said).doesNotContain("\tat ");
    return said;
  }

  private static String url(Path log) throws IOException {
    Matcher door = DOOR.matcher(Files.readString(log));
    assertThat(door.find()).isTrue();
    return "http://" + door.group(1);
  }

  private Map<String, String> with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.put("WEIR_REDIS_URI", redis.uri());
    all.put("WEIR_REDIS_TIMEOUT", "5s");
    all.put("WEIR_HTTP_PORT", "0");
    all.put("WEIR_GRPC_PORT", "0");
    return all;
  }

  private static Result check(String url, String... options) {
    String[] all = new String[options.length + 5];
    all[0] = "check";
    all[1] = "api";
    all[2] = "user_id=42";
    all[3] = "--url";
    all[4] = url;
    System.arraycopy(options, 0, all, 5, options.length);
    return Commands.in(Map.of()).run(all);
  }

  /** How many of a batch are allowed, all of which are of one user that nobody else has. */
  private long allowedOfABatch(String door, int requests) {
    String one = "{\"domain\":\"api\",\"attributes\":{\"user_id\":\"batch\"}}";
    String body = "{\"requests\":[" + String.join(",", Collections.nCopies(requests, one)) + "]}";
    JsonNode answer =
        ask(
            HttpRequest.newBuilder(URI.create(door + "/v1/check"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(answer.path("decisions")).hasSize(requests);
    return answer.path("decisions").findValuesAsText("reason").stream()
        .filter("WITHIN_LIMIT"::equals)
        .count();
  }

  private JsonNode get(String url) {
    return ask(HttpRequest.newBuilder(URI.create(url)));
  }

  private JsonNode ask(HttpRequest.Builder request) {
    URI url = request.build().uri();
    try {
      return new ObjectMapper()
          .readTree(client.send(request.build(), BodyHandlers.ofString()).body());
    } catch (JsonProcessingException e) {
      throw new AssertionError(url.toString(), e);
    } catch (IOException e) {
      throw new AssertionError(url + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void applyToTopic(RealWeir weir, int requestsPerYear) throws IOException {
    Path rules = write("topic.yaml", requestsPerYear);
    assertThat(weir.commands().run("rules", "apply", rules.toString()).code()).isZero();
  }

  private Path write(String name, int requestsPerYear) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        """
        domain: api
        descriptors:
          - key: user_id
            rate_limit: {unit: year, requests_per_unit: %d}
        """
            .formatted(requestsPerYear));
  }
}
