package io.weir.streams.query;

import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Optional;

/** The route that Prometheus scrapes. */
public final class MetricsRoutes {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry;

  /** A route over a registry. */
  public MetricsRoutes(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  /** The route. */
  public List<Route> routes() {
    return List.of(Route.get("/metrics", this::metrics));
  }

  private void metrics(Context context) {
    String accept = Optional.ofNullable(context.header("Accept")).orElse("");
    String type = accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
    context.contentType(type).result(registry.scrape(type));
  }
}
