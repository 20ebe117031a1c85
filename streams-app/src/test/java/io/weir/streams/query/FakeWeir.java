package io.weir.streams.query;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.Judge;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.streams.state.HostInfo;

/**
 * An instance without Kafka: a real HTTP door over rules, rows and owners that a test sets. Its
 * rules limit each user of the domain {@code api} to 10 a minute, a user's logins to 2 a second,
 * and each ip, in shadow, to 100 a day.
 */
final class FakeWeir implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Duration PEER_TIMEOUT = Duration.ofSeconds(2);
  static final Limit PER_MINUTE = Limit.of(new TokenBucket(), 10, Duration.ofMinutes(1));
  static final Limit PER_SECOND = Limit.of(new FixedWindow(), 2, Duration.ofSeconds(1));
  static final Limit PER_DAY = Limit.of(new FixedWindow(), 100, Duration.ofDays(1));
  static final long REVISION = 7;

  final SortedMap<String, StoredLimit> rows = new ConcurrentSkipListMap<>();
  final Map<String, Location> locations = new ConcurrentHashMap<>();
  volatile Readiness readiness = new Readiness.Ready();
  volatile boolean rowsFail;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Route> routes = new ArrayList<>();
  private final HttpDoor door;

  FakeWeir() {
    this(PEER_TIMEOUT);
  }

  FakeWeir(Duration peerTimeout) {
    ObjectMapper mapper = new ObjectMapper();
    LimitsQuery query =
        new LimitsQuery(
            () -> readiness,
            new Rules(),
            identifier -> locations.getOrDefault(identifier, new Location.Here(0)),
            new Rows(),
            new HttpPeers(client, peerTimeout, mapper),
            new LimitReporter(new Judge()),
            this::address,
            InstantSource.fixed(NOW));
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.counter("weir.test").increment();
    routes.addAll(new LimitsRoutes(query, mapper).routes());
    routes.addAll(new RulesRoutes(() -> readiness, new Rules(), mapper).routes());
    routes.addAll(new HealthRoutes(() -> readiness, mapper).routes());
    routes.addAll(new MetricsRoutes(registry).routes());
    routes.addAll(new OpenApiRoutes().routes());
    door = new HttpDoor(HttpSettings.of("127.0.0.1", 0, peerTimeout), routes, mapper);
    door.start();
  }

  /** What the door can do. */
  List<Route> routes() {
    return List.copyOf(routes);
  }

  HostInfo address() {
    return new HostInfo("127.0.0.1", door.port());
  }

  String name() {
    return "127.0.0.1:" + door.port();
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

  private static final class Rules implements RulesInForce {
    @Override
    public Match match(String domain, Map<String, String> attributes) {
      List<IdentifierLimits> identifiers = new ArrayList<>();
      String user = attributes.getOrDefault("user_id", "");
      if (domain.equals("api") && !user.isEmpty()) {
        String identifier = "api/user_id=" + user;
        List<ApplicableLimit> limits = new ArrayList<>();
        limits.add(limit(identifier + "|user_id=" + user, "user_id", PER_MINUTE));
        if (attributes.getOrDefault("endpoint", "").equals("/login")) {
          limits.add(
              limit(identifier + "|user_id=" + user + "/endpoint=%2Flogin", "login", PER_SECOND));
        }
        identifiers.add(new IdentifierLimits(identifier, limits));
      }
      String ip = attributes.getOrDefault("ip", "");
      if (domain.equals("api") && !ip.isEmpty()) {
        String identifier = "api/ip=" + ip;
        identifiers.add(
            new IdentifierLimits(
                identifier,
                List.of(
                    new ApplicableLimit(
                        identifier + "|ip=" + ip, "ip", PER_DAY, LimitMode.SHADOW))));
      }
      return new Match(identifiers, !identifiers.isEmpty(), domain.equals("api") ? REVISION : 0);
    }

    @Override
    public List<RulesDocument> all() {
      return of("api").stream().toList();
    }

    @Override
    public Optional<RulesDocument> of(String domain) {
      if (!domain.equals("api")) {
        return Optional.empty();
      }
      Map<String, Object> rateLimit = Map.of("unit", "minute", "requests_per_unit", 10);
      return Optional.of(
          new RulesDocument(
              "api",
              REVISION,
              Map.of(
                  "domain",
                  "api",
                  "descriptors",
                  List.of(Map.of("key", "user_id", "rate_limit", rateLimit)))));
    }

    private static ApplicableLimit limit(String stateKey, String rule, Limit limit) {
      return new ApplicableLimit(stateKey, rule, limit, LimitMode.ENFORCED);
    }
  }
}
