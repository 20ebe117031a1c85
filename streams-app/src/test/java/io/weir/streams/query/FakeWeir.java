package io.weir.streams.query;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.perDay;
import static io.weir.limiter.rule.RuleLimit.perMinute;
import static io.weir.limiter.rule.RuleLimit.perSecond;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.Judge;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.streams.state.HostInfo;

/**
 * An instance without Kafka: a real HTTP door over rules, rows and owners that a test sets. Its
 * rules limit each user of the domain {@code api} to 10 a minute, a user's logins to 2 a second,
 * and each ip, in shadow, to 100 a day; the free tier is unlimited. Some attributes have the names
 * that a query gives a meaning, and a limit.
 */
final class FakeWeir implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Duration PEER_TIMEOUT = Duration.ofSeconds(2);
  static final Limit PER_MINUTE = Limit.of(new TokenBucket(), 10, Duration.ofMinutes(1));
  static final Limit PER_SECOND = Limit.of(new FixedWindow(), 2, Duration.ofSeconds(1));
  static final long REVISION = 7;
  static final String USER = "api/user_id=42";
  static final String USER_ROW = USER + "|#";
  static final String LOGIN_ROW = USER + "|endpoint=%2Flogin#";

  private static final RuleSet RULES =
      RuleSet.of(
          DomainRules.of(
                  "api",
                  key("user_id")
                      .limit(perMinute(10).algorithm(new TokenBucket()).named("user"))
                      .with(key("endpoint", "/login").limit(perSecond(2).named("login"))),
                  key("ip").limit(perDay(100).named("ip")).shadow(),
                  key("tier", "free").unlimited(),
                  key("domain").limit(perDay(100)),
                  key("attribute").limit(perDay(100)),
                  key("attribute.ip").limit(perDay(100)))
              .withRevision(REVISION));

  final SortedMap<String, StoredLimit> rows = new ConcurrentSkipListMap<>();
  final Map<String, Location> locations = new ConcurrentHashMap<>();
  volatile Readiness readiness = new Readiness.Ready();
  volatile boolean rulesLoaded = true;
  volatile boolean rowsFail;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Route> routes = new ArrayList<>();
  private final String host;
  private final HttpDoor door;

  FakeWeir() {
    this(PEER_TIMEOUT);
  }

  FakeWeir(Duration peerTimeout) {
    this("127.0.0.1", peerTimeout);
  }

  FakeWeir(String newHost, Duration peerTimeout) {
    host = newHost;
    ObjectMapper mapper = new ObjectMapper();
    LimitsQuery query =
        new LimitsQuery(
            () -> readiness,
            () -> RULES,
            match -> Optional.of("several").filter(why -> match.identifiers().size() > 1),
            identifier -> locations.getOrDefault(identifier, new Location.Here(0)),
            new Rows(),
            new HttpPeers(client, peerTimeout, mapper),
            new LimitReporter(new Judge()),
            this::address,
            InstantSource.fixed(NOW));
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.counter("weir.test").increment();
    routes.addAll(new LimitsRoutes(query, mapper).routes());
    routes.addAll(
        new RulesRoutes(() -> readiness, () -> rulesLoaded, () -> RULES, mapper).routes());
    routes.addAll(
        new HealthRoutes(
                () -> readiness,
                HealthRoutes.APPLICATION,
                () -> CompletableFuture.completedFuture(new TreeMap<>()),
                mapper)
            .routes());
    routes.addAll(new MetricsRoutes(registry).routes());
    routes.addAll(new OpenApiRoutes().routes());
    door = new HttpDoor(HttpSettings.of(host, 0, peerTimeout), routes, mapper);
    door.start();
  }

  /** What the door can do. */
  List<Route> routes() {
    return List.copyOf(routes);
  }

  HostInfo address() {
    return new HostInfo(host, door.port());
  }

  String name() {
    return HostAndPort.of(address());
  }

  URI uri(String path) {
    return URI.create("http://" + name() + path);
  }

  HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, headers);
  }

  HttpResponse<String> send(String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
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

  /** A token bucket of the limit "10 a minute" that lacks so many tokens since a time. */
  static StoredLimit missing(long tokens, Instant since) {
    return new StoredLimit(
        PER_MINUTE,
        new TokenBucketState(tokens * PER_MINUTE.unitsPerToken(), since.toEpochMilli()));
  }

  @Override
  public void close() {
    door.close();
  }

  private final class Rows implements LocalRows {
    @Override
    public Optional<StoredLimit> find(int partition, String stateKey) {
      if (rowsFail) {
        throw new IllegalStateException("secret of the inside");
      }
      return Optional.ofNullable(rows.get(stateKey));
    }

    @Override
    public SortedMap<String, StoredLimit> findAll(int partition, String identifier, int most) {
      SortedMap<String, StoredLimit> found = new TreeMap<>();
      rows.tailMap(identifier + "|").entrySet().stream()
          .takeWhile(row -> row.getKey().startsWith(identifier + "|"))
          .limit(most)
          .forEach(row -> found.put(row.getKey(), row.getValue()));
      return found;
    }
  }
}
