package io.weir.streams.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;

/** Writes JSON and problem+json (RFC 9457) as the answer to a request. Thread-safe. */
public final class JsonAnswers {
  private static final String JSON = "application/json";
  private static final String PROBLEM_JSON = "application/problem+json";
  private static final String RETRY_AFTER_SECONDS = "1";

  private final ObjectMapper mapper;

  /** Answers that a mapper writes. */
  public JsonAnswers(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** Answers with JSON. */
  public void json(Context context, ObjectNode json) {
    context.contentType(JSON).result(bytes(json));
  }

  /** Answers that something is not so now and may be soon, with JSON. */
  public void unavailable(Context context, ObjectNode json) {
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
        .result(bytes(problem(kind, detail).put("instance", context.path())));
  }

  /** A problem with a request that was not read far enough to say what it asked for. */
  byte[] problemOfUnread(ProblemKind kind, String detail) {
    return bytes(problem(kind, detail));
  }

  /** A problem that has no more to it than its status, which no kind has. */
  byte[] plainProblem(int status, String title) {
    return bytes(problem("about:blank", title, status, title));
  }

  /** The media type of problems. */
  String problemType() {
    return PROBLEM_JSON;
  }

  private ObjectNode problem(ProblemKind kind, String detail) {
    return problem(kind.type(), kind.title(), kind.status(), detail);
  }

  private ObjectNode problem(String type, String title, int status, String detail) {
    return mapper
        .createObjectNode()
        .put("type", type)
        .put("title", title)
        .put("status", status)
        .put("detail", detail);
  }

  private byte[] bytes(ObjectNode json) {
    try {
      return (mapper.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes cannot be written", e);
    }
  }
}
