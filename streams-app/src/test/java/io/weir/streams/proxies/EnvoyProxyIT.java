package io.weir.streams.proxies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.cli.RealWeir;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RedisProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.docs.DocsPage;
import io.weir.streams.gateway.envoy.TestIdentity;
import io.weir.streams.proxies.RunningEnvoy.Answers;
import io.weir.streams.real.RealBroker;
import java.net.http.HttpResponse;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Envoy with the configuration and the rules of docs/envoy.md, before a real gateway. */
@WithProxy(ProxyProgram.ENVOY)
@ExtendWith(RealBroker.class)
class EnvoyProxyIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LIMIT = 5;

  /** That of the page, whose windows do not end during a test. */
  private static final String RULES =
      DocsPage.block("envoy.md", "yaml", "domain: edge").replace("unit: minute", "unit: year");

  @TempDir Path directory;
  private final RedisProcess redis = RedisProcess.start(RealBroker.files());
  private final Backend backend = new Backend();

  @AfterEach
  void stop() {
    backend.close();
    redis.close();
  }

  @Test
  void envoyLetsTheLimitPassAndAnswersTheRestByItself() {
    try (RunningGateway gateway = gateway(Map.of());
        RunningEnvoy envoy = patient(gateway)) {
      Client client = envoy.client();
      for (int i = 1; i <= LIMIT; i++) {
        HttpResponse<String> passed = client.get("/login");
        assertThat(passed.statusCode()).isEqualTo(200);
        assertThat(passed.body()).isEqualTo("backend");
        assertThat(header(passed, "x-ratelimit-limit"))
            .containsExactly("5, 5;w=31536000;name=\"log-ins\"");
        assertThat(header(passed, "x-ratelimit-remaining"))
            .containsExactly(String.valueOf(LIMIT - i));
        assertThat(header(passed, "x-ratelimit-reset")).hasSize(1);
        assertThat(header(passed, "ratelimit-limit")).isEmpty();
      }

      HttpResponse<String> limited = client.get("/login");

      assertThat(limited.statusCode()).isEqualTo(429);
      assertThat(header(limited, "x-envoy-ratelimited")).containsExactly("true");
      assertThat(header(limited, "x-ratelimit-limit"))
          .containsExactly("5, 5;w=31536000;name=\"log-ins\"");
      assertThat(header(limited, "x-ratelimit-remaining")).containsExactly("0");
      assertThat(Long.parseLong(header(limited, "x-ratelimit-reset").get(0))).isPositive();
      assertThat(backend.asked()).hasSize(LIMIT);
      assertThat(envoy.answers()).isEqualTo(new Answers(LIMIT, 1, 0));
      assertThat(client.status("/login?again")).as("whatever the query").isEqualTo(429);
      assertThat(client.status("/./login")).as("however it is written").isEqualTo(429);
      assertThat(client.status("//login")).as("however it is written").isEqualTo(429);
      assertThat(client.status("/%6Cogin")).as("however it is written").isEqualTo(429);
      assertThat(client.send("POST", "/login", "user=42").statusCode()).isEqualTo(429);
      envoy.assertNoErrorLogged();
    }
  }

  @Test
  void whatNoRuleLimitsPassesAndAKeyHasALimitOfItsOwn() {
    try (RunningGateway gateway = gateway(Map.of());
        RunningEnvoy envoy = patient(gateway)) {
      Client client = envoy.client();
      HttpResponse<String> unlimited = client.get("/other");
      assertThat(unlimited.statusCode()).isEqualTo(200);
      assertThat(header(unlimited, "x-ratelimit-limit")).isEmpty();

      HttpResponse<String> keyed = client.get("/other", "X-Api-Key", "42");
      assertThat(keyed.statusCode()).isEqualTo(200);
      assertThat(header(keyed, "x-ratelimit-limit")).containsExactly("50, 50;w=1;name=\"per-key\"");
      assertThat(header(keyed, "x-ratelimit-remaining")).containsExactly("99");

      HttpResponse<String> both = client.get("/login", "X-Api-Key", "43");
      assertThat(header(both, "x-ratelimit-limit"))
          .as("the number of the descriptor with the least left, the windows of both")
          .containsExactly("5, 5;w=31536000;name=\"log-ins\", 50;w=1;name=\"per-key\"");
      assertThat(client.send("POST", "/other", "body").statusCode()).isEqualTo(200);
      assertThat(backend.asked()).last().extracting(Backend.Asked::body).isEqualTo("body");
      assertThat(envoy.answers().error()).isZero();
      assertThat(envoy.answers().overLimit()).isZero();
      envoy.assertNoErrorLogged();
    }
  }

  @Test
  void clientsAtOnceGetExactlyTheLimit() throws Exception {
    int clients = 32;
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try (RunningGateway gateway = gateway(Map.of());
        RunningEnvoy envoy = patient(gateway)) {
      Client client = envoy.client();
      List<Future<Integer>> statuses = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        statuses.add(threads.submit(() -> client.status("/login", "X-Api-Key", "42")));
      }
      List<Integer> answered = new ArrayList<>();
      for (Future<Integer> status : statuses) {
        answered.add(status.get(1, TimeUnit.MINUTES));
      }
      assertThat(answered).containsOnly(200, 429).filteredOn(it -> it == 200).hasSize(LIMIT);
      assertThat(envoy.answers()).isEqualTo(new Answers(LIMIT, clients - LIMIT, 0));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whileWeirIsGoneRequestsPassAndItsReturnNeedsNothingOfEnvoy() {
    try (RunningGateway gateway = gateway(Map.of());
        RunningEnvoy envoy = patient(gateway)) {
      Client client = envoy.client();
      awaitStatus(client, 429);
      assertThat(envoy.answers().error()).isZero();
      assertThat(envoy.stat("cluster.weir.membership_healthy")).isEqualTo(1);

      gateway.stop();
      assertThat(client.status("/login")).isEqualTo(200);
      assertThat(envoy.answers().error()).isPositive();
      await().atMost(PATIENCE).until(() -> envoy.stat("cluster.weir.membership_healthy") == 0);
      assertThat(client.status("/login")).isEqualTo(200);

      gateway.startAgain();
      awaitStatus(client, 429);
      await().atMost(PATIENCE).until(() -> envoy.stat("cluster.weir.membership_healthy") == 1);
      long errors = envoy.answers().error();
      assertThat(client.status("/login")).isEqualTo(429);
      assertThat(envoy.answers().error()).isEqualTo(errors);
    }
  }

  @Test
  void connectionsThatAreRenewedLoseNoRequest() {
    try (RunningGateway gateway = gateway(Map.of("WEIR_GRPC_CONNECTION_MAX_AGE", "1s"));
        RunningEnvoy envoy = patient(gateway)) {
      Client client = envoy.client();
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                int unused = client.status("/login");
                return envoy.stat("cluster.weir.upstream_cx_close_notify") >= 3;
              });
      assertThat(envoy.answers().ok()).isEqualTo(LIMIT);
      assertThat(envoy.answers().error()).isZero();
    }
  }

  @Test
  void gatewayThatComesAfterEnvoyIsFound() {
    try (RunningGateway gateway = gateway(Map.of())) {
      gateway.stop();
      try (RunningEnvoy envoy = patient(gateway)) {
        assertThat(envoy.client().status("/login")).isEqualTo(200);

        gateway.startAgain();

        awaitStatus(envoy.client(), 429);
      }
    }
  }

  @Test
  void redisThatIsAwayIsNoErrorToEnvoy() {
    try (RunningGateway gateway = gateway(Map.of("WEIR_REDIS_TIMEOUT", "50ms"));
        RunningEnvoy envoy = patient(gateway)) {
      Client client = envoy.client();
      awaitStatus(client, 429);
      redis.pause();
      try {
        assertThat(client.status("/login")).isEqualTo(200);
        assertThat(client.status("/login")).isEqualTo(200);
        assertThat(envoy.answers().error()).isZero();
      } finally {
        redis.resume();
      }
      awaitStatus(client, 429);
      assertThat(envoy.answers().error()).isZero();
    }
  }

  @Test
  void envoyDecidesWhereItsTimeoutIsOver() {
    try (RunningGateway gateway = gateway(Map.of());
        RunningEnvoy envoy = new RunningEnvoy(directory, RunningEnvoy.plain(gateway, backend))) {
      Client client = envoy.client();
      awaitStatus(client, 429);
      long errors = envoy.answers().error();
      redis.pause();
      try {
        assertThat(client.status("/login")).isEqualTo(200);
        assertThat(envoy.answers().error()).isEqualTo(errors + 1);
      } finally {
        redis.resume();
      }
      awaitStatus(client, 429);
    }
  }

  @Test
  void bothSidesShowTheirCertificatesAndWeirMayAddHeaders() throws Exception {
    TestIdentity server = TestIdentity.make(directory, "EC", "-validity", "2");
    TestIdentity self = TestIdentity.make(directory, "RSA", "-validity", "2");
    Path serverFile = Files.writeString(directory.resolve("server.pem"), server.certificate());
    Path serverKey = Files.writeString(directory.resolve("server.key"), server.key());
    Path clientFile = Files.writeString(directory.resolve("client.pem"), self.certificate());
    Path clientKey = Files.writeString(directory.resolve("client.key"), self.key());
    Map<String, String> tls =
        Map.of(
            "WEIR_GRPC_TLS_CERTIFICATE", serverFile.toString(),
            "WEIR_GRPC_TLS_KEY", serverKey.toString(),
            "WEIR_GRPC_TLS_CLIENT_CA", clientFile.toString(),
            "WEIR_GRPC_RESPONSE_HEADERS", "true");
    try (RunningGateway gateway = gateway(tls)) {
      ShownConfiguration shown =
          RunningEnvoy.withTls(gateway, backend)
              .with("timeout: 0.1s", "timeout: 5s")
              .with("/etc/envoy/client.pem", clientFile)
              .with("/etc/envoy/client.key", clientKey)
              .with("/etc/envoy/weir-ca.pem", serverFile);
      try (RunningEnvoy envoy = new RunningEnvoy(directory, shown)) {
        HttpResponse<String> passed = envoy.client().get("/login");
        assertThat(passed.statusCode()).isEqualTo(200);
        assertThat(header(passed, "ratelimit-limit")).containsExactly("5");
        assertThat(header(passed, "ratelimit-remaining")).containsExactly("4");
        assertThat(header(passed, "ratelimit-reset")).hasSize(1);
        awaitStatus(envoy.client(), 429);
        HttpResponse<String> limited = envoy.client().get("/login");
        assertThat(header(limited, "ratelimit-remaining")).containsExactly("0");
        assertThat(envoy.answers().error()).isZero();
        assertThat(envoy.stat("cluster.weir.ssl.handshake")).isPositive();
        await().atMost(PATIENCE).until(() -> envoy.stat("cluster.weir.health_check.success") > 0);
        assertThat(envoy.stat("cluster.weir.ssl.fail_verify_san")).isZero();
        envoy.assertNoErrorLogged();
      }
      ShownConfiguration ofAnotherServer =
          shown.with("matcher: {exact: weir.example.org}", "matcher: {exact: else.example.org}");
      try (RunningEnvoy envoy = new RunningEnvoy(directory, ofAnotherServer)) {
        assertThat(envoy.client().status("/login")).as("Envoy asks nobody else").isEqualTo(200);
        assertThat(envoy.stat("cluster.weir.ssl.fail_verify_san")).isPositive();
        assertThat(envoy.answers().error()).isEqualTo(1);
      }
      ShownConfiguration ofAnotherClient =
          shown.with(clientFile.toString(), serverFile).with(clientKey.toString(), serverKey);
      try (RunningEnvoy envoy = new RunningEnvoy(directory, ofAnotherClient)) {
        assertThat(envoy.client().status("/login")).as("Weir answers nobody else").isEqualTo(200);
        assertThat(envoy.answers()).isEqualTo(new Answers(0, 0, 1));
      }
    }
  }

  @Test
  void decisionHasTheNameThatEnvoyGaveTheRequest(KafkaProcess kafka, RegistryProcess registry)
      throws Exception {
    RealWeir weir = RealWeir.in(directory, kafka, registry);
    assertThat(weir.commands().run("topics", "apply", "--replicas", "1").code()).isZero();
    Map<String, String> environment = new HashMap<>(weir.environment());
    environment.keySet().removeIf(name -> name.endsWith("_PORT"));
    environment.put("WEIR_GATEWAY_DECISIONS_ENABLED", "true");
    try (RunningGateway gateway = gateway(environment);
        RunningEnvoy envoy = patient(gateway)) {
      String chosen = "0b0f4e0a-8a36-4a5e-9a55-3f3c1d8f6c11";
      assertThat(envoy.client().status("/login")).isEqualTo(200);
      assertThat(envoy.client().status("/login", "x-request-id", chosen)).isEqualTo(200);

      Result watched = weir.commands().run("watch", "--from-beginning", "--max", "2", "--json");

      List<String> names = new ArrayList<>();
      for (String line : watched.out().lines().toList()) {
        names.add(new ObjectMapper().readTree(line).path("request_id").asText());
      }
      assertThat(names)
          .containsExactlyElementsOf(
              backend.asked().stream().map(it -> it.requestId().orElse("none")).toList())
          .as("a client does not choose it")
          .doesNotContain(chosen);
    }
  }

  private RunningGateway gateway(Map<String, String> more) {
    return new RunningGateway(directory, redis, RULES, more);
  }

  /** Envoy to a gateway without TLS, which it gives the time that a slow machine takes. */
  private RunningEnvoy patient(RunningGateway gateway) {
    return new RunningEnvoy(
        directory, RunningEnvoy.plain(gateway, backend).with("timeout: 0.1s", "timeout: 5s"));
  }

  private static void awaitStatus(Client client, int status) {
    await().atMost(PATIENCE).until(() -> client.status("/login") == status);
  }

  private static List<String> header(HttpResponse<String> response, String name) {
    return response.headers().allValues(name);
  }
}
