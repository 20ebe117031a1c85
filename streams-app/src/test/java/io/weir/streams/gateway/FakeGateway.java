package io.weir.streams.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.redis.StoredRows;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.tck.FakeClock;
import io.weir.streams.query.HttpDoor;
import io.weir.streams.query.HttpSettings;
import io.weir.streams.query.Route;
import io.weir.streams.topology.DecidedRequest;
import io.weir.streams.topology.RequestValidator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A gateway without Redis and Kafka: a real HTTP door over a limiter in memory, and rows that a
 * test sets. Its rules limit each user of the domain {@code api} to 3 a minute, their logins to 1 a
 * second, and each address, in shadow, to 1 a minute.
 */
final class FakeGateway implements AutoCloseable {
  static final long NOW = 1_700_000_000_000L;
  static final RuleSet RULES =
      RuleSet.of(
          RulesReader.standard()
              .read(
                  "test",
                  """
                  domain: api
                  descriptors:
                    - key: user_id
                      rate_limit: {name: user, unit: minute, requests_per_unit: 3,
                                   algorithm: token_bucket}
                      descriptors:
                        - key: endpoint
                          value: /login
                          rate_limit: {name: login, unit: second, requests_per_unit: 1}
                    - key: ip
                      rate_limit: {name: address, unit: minute, requests_per_unit: 1}
                      shadow_mode: true
                    - key: cost
                      rate_limit: {unit: minute, requests_per_unit: 1}
                  """)
              .withRevision(7));

  final FakeClock clock = new FakeClock(NOW);
  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final List<DecidedRequest> told = new CopyOnWriteArrayList<>();
  final SortedMap<String, StoredLimit> rows = new ConcurrentSkipListMap<>();
  final GatewayReadiness readiness = new GatewayReadiness(new FixedRules());
  final AtomicInteger asked = new AtomicInteger();
  volatile Optional<RuntimeException> fault = Optional.empty();
  volatile Optional<String> trouble = Optional.empty();
  volatile Optional<String> unwritten = Optional.empty();

  /** What decisions wait for. */
  volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  /** Changes decisions on their way. */
  volatile UnaryOperator<Decision> change = decision -> decision;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();
  private final ExecutorService answering = Executors.newFixedThreadPool(4);
  private final RuleBasedRateLimiter limiter =
      new RuleBasedRateLimiter(
          () -> RULES,
          InMemoryBackend.builder().clock(clock).build(),
          clock,
          RequestValidator::refusal);
  private final List<Route> routes;
  private final HttpDoor door;

  FakeGateway() {
    GatewayRules rules = new FixedRules();
    DecisionReporter reporter =
        new DecisionReporter(new GatewayMetrics(registry, 100, rules), List.of(told::add));
    routes =
        new GatewayRoutes(
                new Checks(readiness, new Limiter(), reporter),
                rules,
                this::inspect,
                Optional.of(() -> unwritten),
                registry,
                answering,
                clock,
                Duration.ofMinutes(5))
            .routes(mapper);
    door =
        new HttpDoor(
            HttpSettings.of("127.0.0.1", 0, Duration.ofSeconds(2)),
            routes,
            mapper,
            new DoorMetrics(registry)::http);
    door.start();
    readiness.opened();
  }

  /** What the door can do. */
  List<Route> routes() {
    return List.copyOf(routes);
  }

  int port() {
    return door.port();
  }

  HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, Optional.empty(), headers);
  }

  HttpResponse<String> post(String path, String json) {
    return send("POST", path, Optional.of(json), "Content-Type", "application/json");
  }

  HttpResponse<String> send(String method, String path, Optional<String> body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
            .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(method + " " + path + " was interrupted", e);
    }
  }

  JsonNode json(HttpResponse<String> response) {
    try {
      return mapper.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  /** Closes the door, as a stop does. */
  void closeDoor() {
    door.close();
  }

  private CompletionStage<StoredRows> inspect(String identifier) {
    if (fault.isPresent()) {
      return CompletableFuture.failedStage(fault.get());
    }
    SortedMap<String, StoredLimit> found = new ConcurrentSkipListMap<>(rows);
    found.keySet().removeIf(key -> !key.startsWith(identifier + "|"));
    return CompletableFuture.completedStage(new StoredRows(clock.millis(), found));
  }

  @Override
  public void close() {
    door.close();
    limiter.close();
    answering.shutdownNow();
  }

  private final class FixedRules implements GatewayRules {
    @Override
    public void start() {}

    @Override
    public CompletableFuture<Void> loaded() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public RuleSet current() {
      return RULES;
    }

    @Override
    public Optional<String> trouble() {
      return trouble;
    }

    @Override
    public void close() {}
  }

  /** The limiter in memory, unless a test wants a fault. */
  private final class Limiter implements AsyncRateLimiter {
    @Override
    public CompletionStage<Decision> checkAsync(Request request) {
      return unlessFault(() -> limiter.checkAsync(request));
    }

    @Override
    public CompletionStage<DescriptorsDecision> checkDescriptorsAsync(DescriptorsRequest request) {
      return limiter.checkDescriptorsAsync(request);
    }

    @Override
    public CompletionStage<Decision> refundAsync(Request request, long chargedAtMillis) {
      return unlessFault(() -> limiter.refundAsync(request, chargedAtMillis));
    }

    @Override
    public CompletionStage<Decision> resetAsync(Request request) {
      return unlessFault(() -> limiter.resetAsync(request));
    }

    private CompletionStage<Decision> unlessFault(Supplier<CompletionStage<Decision>> stage) {
      asked.incrementAndGet();
      return fault.isPresent()
          ? CompletableFuture.failedStage(fault.get())
          : stage.get().thenCombine(gate, (decision, open) -> change.apply(decision));
    }

    @Override
    public void close() {}
  }
}
