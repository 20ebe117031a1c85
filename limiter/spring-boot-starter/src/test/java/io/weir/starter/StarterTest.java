package io.weir.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.starter.RunningShop.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.embedded.RedisServer;

/** Applications with the starter and a few properties, on real servers. */
class StarterTest {
  private static final int LIMIT = 60;
  private static final int REQUESTS = 200;

  /** A bucket that gets no token back while a test runs. */
  private static final String PER_ADDRESS =
      "weir.limits.per-address=" + LIMIT + "/day by address algorithm=token_bucket";

  private static int redisPort;
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      redisPort = socket.getLocalPort();
    }
    redis =
        RedisServer.newRedisServer()
            .port(redisPort)
            .setting("bind 127.0.0.1")
            .setting("save \"\"")
            .build();
    redis.start();
  }

  @AfterAll
  static void stopRedis() {
    try {
      redis.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> combinations() {
    return Stream.of(Server.values())
        .flatMap(
            server ->
                Stream.of("memory", "redis")
                    .flatMap(
                        backend ->
                            Stream.of(false, true)
                                .map(async -> Arguments.of(server, backend, async))));
  }

  private static String[] settings(String backend, String... more) {
    return Stream.concat(
            Stream.of(
                "weir.backend=" + backend,
                "weir.redis.uri=redis://127.0.0.1:" + redisPort,
                "weir.redis.timeout=30s",
                "weir.redis.key-prefix=" + UUID.randomUUID() + ":"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void concurrentClientsAreAdmittedToTheLimitExactly(Server server, String backend, boolean async) {
    String[] settings = settings(backend, PER_ADDRESS, "weir.filter.async=" + async);
    try (RunningShop shop = RunningShop.start(server, Map.of(), settings)) {
      assertThat(shop.serverType()).containsIgnoringCase(server.name());

      List<Integer> statuses = all(i -> shop.getAsync(i % 3 == 0 ? "/later" : "/orders/" + i));

      assertThat(statuses).filteredOn(status -> status == 200).hasSize(LIMIT);
      assertThat(statuses).filteredOn(status -> status == 429).hasSize(REQUESTS - LIMIT);
    }
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void concurrentCallsOfAMethodAreAdmittedToTheLimitExactly(
      Server server, String backend, boolean async) {
    String[] settings =
        settings(
            backend, "weir.limits.per-account=" + LIMIT + "/day by account algorithm=token_bucket");
    String path = async ? "/reports-later/alice" : "/reports/alice";
    try (RunningShop shop = RunningShop.start(server, Map.of(), settings)) {
      List<Integer> statuses = all(i -> shop.getAsync(i % 2 == 0 ? path : "/reports-mono/alice"));

      assertThat(statuses).filteredOn(status -> status == 200).hasSize(LIMIT);
      assertThat(statuses).filteredOn(status -> status == 429).hasSize(REQUESTS - LIMIT);
      assertThat(shop.get("/reports/bob").body()).isEqualTo("report of bob");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCostThatClientsSendIsValidatedBeforeItIsCharged(Server server) {
    try (RunningShop shop =
        RunningShop.start(
            server, Map.of(), "weir.limits.per-account=5/day by account algorithm=token_bucket")) {
      assertThat(shop.get("/pages/alice?pages=-1").statusCode()).isEqualTo(400);
      assertThat(shop.get("/pages/alice?pages=5").body()).isEqualTo("5 pages of alice");
      assertThat(shop.get("/pages/alice?pages=1").statusCode()).isEqualTo(429);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoApplicationsSpendFromOneBudgetOnRedis(Server server) {
    String[] settings = settings("redis", PER_ADDRESS);
    try (RunningShop one = RunningShop.start(server, Map.of(), settings);
        RunningShop other = RunningShop.start(Server.JETTY, Map.of(), settings)) {
      List<Integer> statuses = all(i -> (i % 2 == 0 ? one : other).getAsync("/orders/" + i));

      assertThat(statuses).filteredOn(status -> status == 200).hasSize(LIMIT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theEnvironmentSaysLimitsOfRoutes(Server server) {
    Map<String, String> variables =
        Map.of(
            "WEIR_LIMITS_LOG_IN", "POST /login 1/day by address algorithm=token_bucket",
            "WEIR_LIMITS_ORDERS", "GET /orders/{id} 2/day by address algorithm=token_bucket");
    try (RunningShop shop =
        RunningShop.start(
            server,
            variables,
            "weir.limits.orders=GET /orders/{id} 1/day by address",
            "weir.limits.per-account=1/day by account")) {
      assertThat(shop.post("/login").body()).isEqualTo("welcome");
      assertThat(shop.get("/orders/1").statusCode()).isEqualTo(200);
      assertThat(shop.get("/orders/2").statusCode()).isEqualTo(200);
      assertThat(shop.get("/orders/3").statusCode()).isEqualTo(429);

      HttpResponse<String> denied = shop.post("/login");

      assertThat(denied.statusCode()).isEqualTo(429);
      assertThat(denied.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(denied.headers().firstValue("Retry-After")).isPresent();
      assertThat(denied.body()).contains("\"violated-policies\":[\"log-in\"]");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatIsDeniedIsAnsweredAsTheFilterDoes(Server server) {
    try (RunningShop shop =
        RunningShop.start(
            server,
            Map.of(),
            PER_ADDRESS,
            "weir.limits.per-account=1/day by account algorithm=token_bucket",
            "weir.headers=both")) {
      for (String path : List.of("/reports/a", "/reports-later/b", "/reports-mono/c")) {
        assertThat(shop.get(path).statusCode()).isEqualTo(200);

        HttpResponse<String> denied = shop.get(path);

        assertThat(denied.statusCode()).isEqualTo(429);
        assertThat(denied.headers().firstValue("Content-Type"))
            .hasValue("application/problem+json");
        assertThat(denied.headers().allValues("Retry-After")).hasSize(1);
        assertThat(denied.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(List.of("X-RateLimit-Limit", "X-RateLimit-Remaining"))
            .as("those of the limit that denied, that of the method")
            .extracting(denied.headers()::allValues)
            .containsExactly(List.of("1"), List.of("0"));
        assertThat(names(denied, "RateLimit"))
            .as("the limits of both, that of the filter as well")
            .containsExactly("per-address", "per-account");
        assertThat(names(denied, "RateLimit-Policy")).containsExactly("per-address", "per-account");
        assertThat(denied.body()).contains("\"violated-policies\":[\"per-account\"]");
      }
    }
  }

  /** The names of the limits that a list tells of. */
  private static List<String> names(HttpResponse<?> response, String field) {
    return response.headers().allValues(field).stream()
        .flatMap(value -> Stream.of(value.split(", ")))
        .map(item -> item.replaceAll("^\"(.*)\";.*$", "$1"))
        .toList();
  }

  private interface Question {
    CompletableFuture<HttpResponse<String>> ask(int i);
  }

  /** The statuses of all answers to what is asked at once. */
  private static List<Integer> all(Question question) {
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, REQUESTS).mapToObj(question::ask).toList();
    return answers.stream().map(answer -> answer.join().statusCode()).toList();
  }
}
