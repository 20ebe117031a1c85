package io.weir.streams.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.LimitMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The JSON of answers about limits, both ways: what this instance writes, other instances and
 * {@code weir query} read. Times are ISO 8601 in UTC, spans are milliseconds; what is not known is
 * null. Fields that are not known are ignored, so that a newer instance may add some. Thread-safe.
 */
public final class QueryJson {
  private final ObjectMapper mapper;

  /** Reads and writes with the given mapper. */
  public QueryJson(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** An answer about limits as JSON. */
  public ObjectNode write(LimitsAnswer answer) {
    ObjectNode json = mapper.createObjectNode();
    json.put("domain", answer.domain());
    json.put("rules_revision", answer.rulesRevision());
    json.put("matched", answer.matched());
    ArrayNode warnings = json.putArray("warnings");
    answer.warnings().forEach(warnings::add);
    ArrayNode limits = json.putArray("limits");
    for (LimitReport report : answer.limits()) {
      ObjectNode limit = limits.addObject();
      limit.put("identifier", report.identifier());
      limit.put("instance", report.instance());
      limit.put("evaluated_at", time(report.evaluatedAtMillis()));
      limit.put("rule", report.rule());
      limit.put("mode", report.mode().name());
      limit.put("verdict", report.verdict().name());
      putOptional(limit, "retry_after_ms", report.retryAfterMillis());
      putStanding(limit, report.standing());
    }
    return json;
  }

  /** An answer about rows as JSON. */
  public ObjectNode write(RowsAnswer answer) {
    ObjectNode json = mapper.createObjectNode();
    json.put("identifier", answer.identifier());
    json.put("instance", answer.instance());
    json.put("evaluated_at", time(answer.evaluatedAtMillis()));
    ArrayNode rows = json.putArray("rows");
    for (Standing standing : answer.rows()) {
      putStanding(rows.addObject(), standing);
    }
    json.put("truncated", answer.truncated());
    return json;
  }

  /**
   * Reads an answer about limits.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public LimitsAnswer readLimits(String text) {
    JsonNode json = parse(text);
    List<LimitReport> limits = new ArrayList<>();
    for (JsonNode limit : field(json, "limits")) {
      limits.add(
          new LimitReport(
              field(limit, "identifier").asText(),
              field(limit, "instance").asText(),
              millis(field(limit, "evaluated_at")),
              field(limit, "rule").asText(),
              choice(LimitMode.class, field(limit, "mode")),
              choice(Verdict.class, field(limit, "verdict")),
              optional(limit.path("retry_after_ms")),
              standing(limit)));
    }
    return new LimitsAnswer(
        field(json, "domain").asText(),
        field(json, "rules_revision").asLong(),
        field(json, "matched").asBoolean(),
        texts(json.path("warnings")),
        limits);
  }

  /**
   * Reads an answer about rows.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public RowsAnswer readRows(String text) {
    JsonNode json = parse(text);
    List<Standing> rows = new ArrayList<>();
    for (JsonNode row : field(json, "rows")) {
      rows.add(standing(row));
    }
    return new RowsAnswer(
        field(json, "identifier").asText(),
        field(json, "instance").asText(),
        millis(field(json, "evaluated_at")),
        rows,
        field(json, "truncated").asBoolean());
  }

  private static void putStanding(ObjectNode json, Standing standing) {
    json.put("state_key", standing.stateKey());
    json.put("algorithm", standing.algorithm());
    json.put("limit", standing.limit());
    json.put("period_ms", standing.periodMillis());
    json.put("burst", standing.burst());
    json.put("remaining", standing.remaining());
    json.put("reset_at", time(standing.resetAtMillis()));
    if (standing.lastAdmissionMillis().isPresent()) {
      json.put("last_admission", time(standing.lastAdmissionMillis().getAsLong()));
    } else {
      json.putNull("last_admission");
    }
  }

  private static Standing standing(JsonNode json) {
    JsonNode last = json.path("last_admission");
    return new Standing(
        field(json, "state_key").asText(),
        field(json, "algorithm").asText(),
        field(json, "limit").asLong(),
        field(json, "period_ms").asLong(),
        field(json, "burst").asLong(),
        field(json, "remaining").asLong(),
        millis(field(json, "reset_at")),
        isAbsent(last) ? OptionalLong.empty() : OptionalLong.of(millis(last)));
  }

  private static void putOptional(ObjectNode json, String name, OptionalLong value) {
    if (value.isPresent()) {
      json.put(name, value.getAsLong());
    } else {
      json.putNull(name);
    }
  }

  private static OptionalLong optional(JsonNode json) {
    return isAbsent(json) ? OptionalLong.empty() : OptionalLong.of(json.asLong());
  }

  private static List<String> texts(JsonNode json) {
    List<String> texts = new ArrayList<>();
    json.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static boolean isAbsent(JsonNode json) {
    return json.isMissingNode() || json.isNull();
  }

  private JsonNode parse(String text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the answer is not JSON", e);
    }
  }

  private static JsonNode field(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (isAbsent(value)) {
      throw new IllegalArgumentException("the answer has no field " + name);
    }
    return value;
  }

  private static <E extends Enum<E>> E choice(Class<E> choices, JsonNode json) {
    String word = json.asText().toUpperCase(Locale.ROOT);
    return Stream.of(choices.getEnumConstants())
        .filter(choice -> choice.name().equals(word))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("the answer has '" + json.asText() + "' in it"));
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private static long millis(JsonNode json) {
    try {
      return Instant.parse(json.asText()).toEpochMilli();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + json.asText() + "' is no time", e);
    }
  }
}
