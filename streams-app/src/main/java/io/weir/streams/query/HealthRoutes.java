package io.weir.streams.query;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;

/** The routes that say whether the process lives and whether it can answer. */
public final class HealthRoutes {
  private final Readiness.Probe readiness;
  private final ObjectMapper mapper;
  private final JsonAnswers answers;

  /** Routes over a probe. */
  public HealthRoutes(Readiness.Probe readiness, ObjectMapper mapper) {
    this.readiness = readiness;
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
    } else {
      json.put("status", "ready");
      json.put("detail", "the application is running");
      answers.json(context, json);
    }
  }
}
