package io.weir.streams.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.Judge;
import io.weir.limiter.redis.StoredRows;
import io.weir.streams.query.HealthRoutes;
import io.weir.streams.query.LimitReporter;
import io.weir.streams.query.LimitsRoutes;
import io.weir.streams.query.MetricsRoutes;
import io.weir.streams.query.OpenApiRoutes;
import io.weir.streams.query.QuestionRules;
import io.weir.streams.query.RedisHealth;
import io.weir.streams.query.RedisLimits;
import io.weir.streams.query.Route;
import io.weir.streams.query.RulesRoutes;
import io.weir.streams.topology.RequestValidator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Wires what the HTTP door of the gateway answers.
 *
 * @param checks judges
 * @param rules the rules in force
 * @param inspect reads what Redis remembers of an identifier
 * @param decisionLog tells why decisions do not reach the decisions topic, if they are written to
 *     it
 * @param registry the metrics
 * @param answering writes answers
 * @param clock the wall clock
 * @param timestampTolerance how far ahead of the clock times in requests may be
 */
public record GatewayRoutes(
    Checks checks,
    GatewayRules rules,
    Function<String, CompletionStage<StoredRows>> inspect,
    Optional<Supplier<Optional<String>>> decisionLog,
    PrometheusMeterRegistry registry,
    Executor answering,
    InstantSource clock,
    Duration timestampTolerance) {
  /** The routes. */
  public List<Route> routes(ObjectMapper mapper) {
    RedisLimits limits =
        new RedisLimits(
            checks.readiness(),
            new QuestionRules(rules::current, RequestValidator::refusal),
            inspect,
            new LimitReporter(new Judge()),
            answering);
    RequestParser parser =
        new RequestParser(() -> UUID.randomUUID().toString(), clock, timestampTolerance);
    List<Route> routes = new ArrayList<>();
    routes.addAll(new CheckRoutes(checks, parser, answering, mapper).routes());
    routes.addAll(new LimitsRoutes(limits, mapper).routes());
    routes.addAll(
        new RulesRoutes(checks.readiness(), () -> rules.loaded().isDone(), rules::current, mapper)
            .routes());
    routes.addAll(
        new HealthRoutes(checks.readiness(), "the gateway", this::conditions, mapper).routes());
    routes.addAll(new MetricsRoutes(registry).routes());
    routes.addAll(new OpenApiRoutes().routes());
    return routes;
  }

  /** Checks are answered without Redis, and by the rules before those that are broken. */
  private CompletableFuture<SortedMap<String, String>> conditions() {
    return new RedisHealth(inspect, answering)
        .conditions()
        .thenApply(
            conditions -> {
              conditions.put(
                  "rules", rules.trouble().map(why -> "stale: " + why).orElse("current"));
              decisionLog.ifPresent(
                  log ->
                      conditions.put(
                          "decisions",
                          log.get().map(why -> "not written: " + why).orElse("written")));
              return conditions;
            });
  }
}
