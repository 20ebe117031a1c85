package io.weir.streams.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.LimitMode;
import io.weir.streams.query.LimitReport;
import io.weir.streams.query.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A decision as the gateway answers it, as far as it is shown.
 *
 * @param verdict may the request proceed?
 * @param reason why, in the word that it came in: a newer gateway may know others
 * @param message what else there is to say
 * @param retryAfterMillis the wait until the request would be admitted, in milliseconds
 * @param delayMillis how long an allowed request should wait for its turn, in milliseconds
 * @param degraded whether it was made without Redis
 * @param limits the limits that applied
 */
record CheckedDecision(
    Verdict verdict,
    String reason,
    Optional<String> message,
    OptionalLong retryAfterMillis,
    long delayMillis,
    boolean degraded,
    List<LimitReport> limits) {

  CheckedDecision {
    limits = List.copyOf(limits);
  }

  /**
   * Reads an answer.
   *
   * @throws IllegalArgumentException if it is no decision
   */
  static CheckedDecision read(String text) {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the answer is not JSON", e);
    }
    if (!json.isObject()) {
      throw new IllegalArgumentException("the answer is no JSON object");
    }
    long evaluatedAtMillis = json.path("evaluation_time").asLong();
    List<LimitReport> limits = new ArrayList<>();
    json.path("statuses").forEach(status -> limits.add(limit(status, evaluatedAtMillis)));
    return new CheckedDecision(
        choice(Verdict.class, json, "verdict"),
        json.path("reason").asText(),
        Optional.of(json.path("message")).filter(JsonNode::isTextual).map(JsonNode::asText),
        number(json.path("retry_after_ms")),
        json.path("delay_ms").asLong(),
        json.path("degraded").asBoolean(),
        limits);
  }

  /** The decision in a line. */
  String sentence() {
    StringBuilder sentence = new StringBuilder(verdict.name()).append(": ").append(reason);
    if (retryAfterMillis.isPresent()) {
      sentence
          .append(", try again ")
          .append(LimitText.after(Math.max(1, retryAfterMillis.getAsLong())));
    }
    if (delayMillis > 0) {
      sentence.append(", its turn is ").append(LimitText.after(delayMillis));
    }
    sentence.append(degraded ? ", without Redis" : "");
    message.ifPresent(text -> sentence.append("; ").append(text));
    return Printable.of(sentence.toString());
  }

  private static LimitReport limit(JsonNode json, long evaluatedAtMillis) {
    String stateKey = json.path("state_key").asText();
    return new LimitReport(
        Identifiers.identifierOf(stateKey),
        "",
        evaluatedAtMillis,
        json.path("rule").asText(),
        choice(LimitMode.class, json, "mode"),
        choice(Verdict.class, json, "verdict"),
        number(json.path("retry_after_ms")),
        new Standing(
            stateKey,
            json.path("algorithm").asText(),
            json.path("limit").asLong(),
            json.path("period_ms").asLong(),
            json.path("burst").asLong(),
            json.path("remaining").asLong(),
            json.path("reset_at").asLong(),
            OptionalLong.empty()));
  }

  private static OptionalLong number(JsonNode json) {
    return json.isNumber() ? OptionalLong.of(json.asLong()) : OptionalLong.empty();
  }

  private static <E extends Enum<E>> E choice(Class<E> choices, JsonNode json, String field) {
    String text = json.path(field).asText();
    try {
      return Enum.valueOf(choices, text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the answer is no decision: its " + field + " is '" + text + "'", e);
    }
  }
}
