package io.weir.streams.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;

/** Writes JSON and problem+json (RFC 9457) as the answer to a request. Thread-safe. */
final class JsonAnswers {
  private static final String JSON = "application/json";
  private static final String PROBLEM_JSON = "application/problem+json";
  private static final String RETRY_AFTER_SECONDS = "1";

  private final ObjectMapper mapper;

  JsonAnswers(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** Answers with JSON. */
  void json(Context context, ObjectNode json) {
    context.contentType(JSON).result(bytes(json));
  }

  /** Answers that something is not so now and may be soon, with JSON. */
  void unavailable(Context context, ObjectNode json) {
    context.status(503).header("Retry-After", RETRY_AFTER_SECONDS);
    json(context, json);
  }

  /** Answers with a problem. */
  void problem(Context context, ProblemKind kind, String detail) {
    context.status(kind.status());
    if (kind.isTemporary()) {
      context.header("Retry-After", RETRY_AFTER_SECONDS);
    }
    context
        .contentType(PROBLEM_JSON)
        .result(bytes(problem(kind.type(), kind.title(), kind.status(), detail, context.path())));
  }

  /** A problem that has no more to it than its status. */
  byte[] plainProblem(String title, int status, String detail, String path) {
    return bytes(problem("about:blank", title, status, detail, path));
  }

  /** The media type of problems. */
  String problemType() {
    return PROBLEM_JSON;
  }

  private ObjectNode problem(String type, String title, int status, String detail, String path) {
    return mapper
        .createObjectNode()
        .put("type", type)
        .put("title", title)
        .put("status", status)
        .put("detail", detail)
        .put("instance", path);
  }

  private byte[] bytes(ObjectNode json) {
    try {
      return (mapper.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes cannot be written", e);
    }
  }
}
