package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.dev.RedisProcess;
import io.weir.streams.cli.gateway.GatewayFactory;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.gateway.Gateway;
import io.weir.streams.real.RealBroker;
import io.weir.streams.topology.RequestValidator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Envoy's door before a real Redis. */
class EnvoyOnRedisIT {
  private static final String YAML =
      """
      domain: api
      descriptors:
        - key: shared
          rate_limit: {unit: year, requests_per_unit: 500}
        - key: user
          rate_limit: {unit: year, requests_per_unit: 1000000}
        - key: open
          rate_limit: {unit: year, requests_per_unit: 10, on_error: allow}
        - key: shut
          rate_limit: {unit: year, requests_per_unit: 10, on_error: deny}
        - key: alone
          rate_limit: {unit: year, requests_per_unit: 2, on_error: local}
      """;
  private static final RuleSet RULES = RuleSet.of(RulesReader.standard().read("rules.yaml", YAML));

  private static RedisProcess redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start(RealBroker.files());
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private static RedisRateLimiter limiter() {
    return RedisRateLimiter.builder(() -> RULES)
        .uri(redis.uri())
        // Slow machines decide these tests by Redis, too.
        .timeout(Duration.ofSeconds(5))
        .refuse(RequestValidator::refusal)
        .build();
  }

  @Test
  void severalGatewaysAdmitExactlyTheLimit() throws Exception {
    int callers = 8;
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try (RedisRateLimiter first = limiter();
        RedisRateLimiter second = limiter();
        OpenDoor one = OpenDoor.to(first);
        OpenDoor other = OpenDoor.to(second)) {
      List<Future<Integer>> admitted = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        OpenDoor door = i % 2 == 0 ? one : other;
        String user = "user-" + i;
        admitted.add(threads.submit(() -> admitted(door, user)));
      }
      int sum = 0;
      for (Future<Integer> each : admitted) {
        sum += each.get(2, TimeUnit.MINUTES);
      }
      assertThat(sum).isEqualTo(500);
      // What the shared limit denied was charged to no user.
      int left = 0;
      for (int i = 0; i < callers; i++) {
        left +=
            1_000_000
                - 1
                - one.ask("api", descriptor("user", "user-" + i))
                    .getStatuses(0)
                    .getLimitRemaining();
      }
      assertThat(left).isEqualTo(500);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int admitted(OpenDoor door, String user) {
    int admitted = 0;
    for (int i = 0; i < 125; i++) {
      RateLimitResponse answer =
          door.ask("api", descriptor("shared", "all"), descriptor("user", user));
      if (answer.getOverallCode() == Code.OK) {
        admitted++;
      }
    }
    return admitted;
  }

  @Test
  void redisThatIsGoneIsNoErrorAndItsReturnIsSeen() {
    try (RedisProcess own = RedisProcess.start(RealBroker.files());
        RedisRateLimiter limiter =
            RedisRateLimiter.builder(() -> RULES)
                .uri(own.uri())
                .timeout(Duration.ofMillis(500))
                .build();
        OpenDoor door = OpenDoor.to(limiter)) {
      await().until(() -> judged(door, "open"));
      own.kill();
      await().until(() -> !judged(door, "open"));
      assertThat(door.ask("api", descriptor("open", "x")).getStatuses(0))
          .isEqualTo(DescriptorStatus.newBuilder().setCode(Code.OK).build());
      assertThat(door.ask("api", descriptor("shut", "x")).getStatuses(0))
          .isEqualTo(DescriptorStatus.newBuilder().setCode(Code.OVER_LIMIT).build());
      for (Code code : List.of(Code.OK, Code.OK, Code.OVER_LIMIT)) {
        DescriptorStatus alone = door.ask("api", descriptor("alone", "x")).getStatuses(0);
        assertThat(alone.getCode()).isEqualTo(code);
        assertThat(alone.getCurrentLimit().getRequestsPerUnit()).isEqualTo(2);
      }
      own.restart();
      await().atMost(Duration.ofMinutes(1)).until(() -> judged(door, "open"));
    }
  }

  private static boolean judged(OpenDoor door, String key) {
    return door.ask("api", descriptor(key, "any")).getStatuses(0).hasCurrentLimit();
  }

  @Test
  void gatewayOpensTheDoorAsTheSettingsSay(@TempDir Path directory) throws Exception {
    TestIdentity identity = TestIdentity.make(directory, "EC", "-validity", "2");
    Path rules = Files.writeString(directory.resolve("rules.yaml"), YAML);
    Map<String, String> settings = new HashMap<>();
    settings.put("gateway.rules.file", rules.toString());
    settings.put("redis.uri", redis.uri());
    settings.put("redis.key.prefix", "gateway:");
    settings.put("redis.timeout", "5s");
    settings.put("http.port", "0");
    settings.put("grpc.port", String.valueOf(freePort()));
    settings.put("grpc.response.headers", "true");
    settings.put("grpc.tls.certificate", directory.resolve("server.pem").toString());
    settings.put("grpc.tls.key", directory.resolve("server.key").toString());
    assertThatThrownBy(() -> GatewayFactory.create(SettingsLoader.of(settings)))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("server.pem: there is no such file");

    Files.writeString(directory.resolve("server.pem"), identity.certificate());
    Path key = Files.writeString(directory.resolve("server.key"), identity.key());
    try (Gateway gateway = GatewayFactory.create(SettingsLoader.of(settings))) {
      gateway.start();
      ManagedChannel channel =
          OpenDoor.channel(
              Integer.parseInt(settings.get("grpc.port")),
              TlsChannelCredentials.newBuilder()
                  .trustManager(key.resolveSibling("server.pem").toFile())
                  .build());
      try {
        RateLimitResponse answer =
            OpenDoor.stub(channel)
                .shouldRateLimit(OpenDoor.request("api", descriptor("shared", "all")));
        assertThat(answer.getStatuses(0).getLimitRemaining()).isEqualTo(499);
        assertThat(answer.getResponseHeadersToAdd(0).getValue()).isEqualTo("500");
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A header of the client's: an error would be a way around the limit. */
  @Test
  void identifierThatIsTooLongIsDenied() {
    try (RedisRateLimiter limiter = limiter();
        OpenDoor door = OpenDoor.to(limiter)) {
      RateLimitResponse answer =
          door.ask("api", descriptor("user", "x".repeat(1_100)), descriptor("open", "y"));
      assertThat(answer.getOverallCode()).isEqualTo(Code.OVER_LIMIT);
      assertThat(answer.getStatusesCount()).isEqualTo(2);
      assertThat(door.ask("api", descriptor("nobody", "x".repeat(1_100))).getOverallCode())
          .as("what no rule limits")
          .isEqualTo(Code.OK);
    }
  }
}
