package io.weir.streams.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.streams.query.HealthRoutes;
import io.weir.streams.query.HttpPeers;
import io.weir.streams.query.LimitReporter;
import io.weir.streams.query.LimitsQuery;
import io.weir.streams.query.LimitsRoutes;
import io.weir.streams.query.LimitsSource;
import io.weir.streams.query.MetricsRoutes;
import io.weir.streams.query.OpenApiRoutes;
import io.weir.streams.query.QuestionRules;
import io.weir.streams.query.Readiness;
import io.weir.streams.query.RedisHealth;
import io.weir.streams.query.RedisLimits;
import io.weir.streams.query.Route;
import io.weir.streams.query.RulesRoutes;
import io.weir.streams.query.StreamsKeyLocator;
import io.weir.streams.query.StreamsLocalRows;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Wires what the HTTP door of an application answers.
 *
 * @param parts what queries read
 * @param readiness whether they can be answered
 * @param rulesLoaded whether the rules were loaded, all of them, since the start
 * @param streams the running client; empty before it is made
 * @param self the address of this instance, which is known once the door is open
 * @param clock the wall clock
 */
record HttpRoutes(
    QueryParts parts,
    Readiness.Probe readiness,
    BooleanSupplier rulesLoaded,
    Supplier<Optional<KafkaStreams>> streams,
    Supplier<HostInfo> self,
    InstantSource clock) {

  /**
   * The routes.
   *
   * @param peerTimeout the longest wait for another instance's answer
   */
  List<Route> routes(Duration peerTimeout, PrometheusMeterRegistry registry, ObjectMapper mapper) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new LimitsRoutes(limits(peerTimeout, mapper), mapper).routes());
    routes.addAll(new RulesRoutes(readiness, rulesLoaded, parts.rules()::current, mapper).routes());
    routes.addAll(health(mapper).routes());
    routes.addAll(new MetricsRoutes(registry).routes());
    routes.addAll(new OpenApiRoutes().routes());
    return routes;
  }

  private HealthRoutes health(ObjectMapper mapper) {
    return new HealthRoutes(readiness, HealthRoutes.APPLICATION, this::conditions, mapper);
  }

  /**
   * An application without Redis goes on deciding, as on_error says, and by the rules before those
   * that cannot be read: so it is as ready as with.
   */
  private CompletableFuture<SortedMap<String, String>> conditions() {
    CompletableFuture<SortedMap<String, String>> ofRedis =
        parts.place() instanceof LimitsPlace.Redis redis
            ? new RedisHealth(redis.inspect(), ForkJoinPool.commonPool()).conditions()
            : CompletableFuture.completedFuture(new TreeMap<>());
    return ofRedis.thenApply(
        conditions -> {
          conditions.put(
              "rules", parts.rules().whyStale().map(why -> "stale: " + why).orElse("current"));
          return conditions;
        });
  }

  private LimitsSource limits(Duration peerTimeout, ObjectMapper mapper) {
    LimitReporter reporter = new LimitReporter(parts.judge());
    if (parts.place() instanceof LimitsPlace.Redis redis) {
      return new RedisLimits(
          readiness,
          new QuestionRules(parts.rules()::current, parts.refusal()),
          redis.inspect(),
          reporter,
          ForkJoinPool.commonPool());
    }
    String store = ((LimitsPlace.Store) parts.place()).name();
    HttpClient client = HttpClient.newBuilder().connectTimeout(peerTimeout).build();
    return new LimitsQuery(
        readiness,
        parts.rules()::current,
        parts.refusal(),
        new StreamsKeyLocator(streams, store, self),
        new StreamsLocalRows(streams, store),
        new HttpPeers(client, peerTimeout, mapper),
        reporter,
        self,
        clock);
  }
}
