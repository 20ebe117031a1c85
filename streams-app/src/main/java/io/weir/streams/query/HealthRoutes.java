package io.weir.streams.query;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The routes that say whether the process lives and whether it can answer. */
public final class HealthRoutes {
  /** What answers call a process that judges streams. */
  public static final String APPLICATION = "the application";

  private final Readiness.Probe readiness;
  private final String process;
  private final Supplier<CompletableFuture<SortedMap<String, String>>> conditions;
  private final ObjectMapper mapper;
  private final JsonAnswers answers;

  /**
   * Routes over a probe.
   *
   * @param process what answers call it
   * @param conditions how the parts are that the process can do without for a while, by their names
   */
  public HealthRoutes(
      Readiness.Probe readiness,
      String process,
      Supplier<CompletableFuture<SortedMap<String, String>>> conditions,
      ObjectMapper mapper) {
    this.readiness = readiness;
    this.process = process;
    this.conditions = conditions;
    this.mapper = mapper;
    this.answers = new JsonAnswers(mapper);
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(Route.get("/health/live", this::live), Route.get("/health/ready", this::ready));
  }

  private void live(Context context) {
    answers.json(context, mapper.createObjectNode().put("status", "live"));
  }

  private void ready(Context context) {
    ObjectNode json = mapper.createObjectNode();
    if (readiness.readiness() instanceof Readiness.NotReady notReady) {
      json.put("status", notReady.phase().word());
      json.put("detail", notReady.detail());
      answers.unavailable(context, json);
      return;
    }
    json.put("status", "ready");
    json.put("detail", process + " is running");
    context.future(
        () ->
            conditions
                .get()
                .thenAccept(
                    words -> {
                      words.forEach(json::put);
                      answers.json(context, json);
                    }));
  }
}
