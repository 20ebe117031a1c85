package io.weir.streams.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.schemas.Operation;
import io.weir.streams.config.Nearest;
import io.weir.streams.config.SettingType;
import io.weir.streams.config.SettingTypes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The fields of one request in JSON, with the names of the Avro schema, and all that is wrong with
 * them. Only the form is checked. Not thread-safe.
 */
public final class RequestFields {
  /** All but that which stands for operations newer than this. */
  private static final Set<Operation> OPERATIONS =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Operation.UNKNOWN)));

  private static final SettingType<Instant> TIME = SettingTypes.instant();

  private final JsonNode request;
  private final List<String> mistakes = new ArrayList<>();

  /**
   * The fields of a JSON object.
   *
   * @param known their names; others are mistakes
   */
  public RequestFields(JsonNode request, List<String> known) {
    this.request = request;
    for (Map.Entry<String, JsonNode> field : request.properties()) {
      if (!known.contains(field.getKey())) {
        mistakes.add(
            "a request has no field " + field.getKey() + Nearest.hint(field.getKey(), known));
      }
    }
  }

  /** What is wrong with what was asked for so far, one clause each. */
  public List<String> mistakes() {
    return Collections.unmodifiableList(mistakes);
  }

  /** The domain, which must be there. */
  public String domain() {
    if (given("domain").isEmpty()) {
      mistakes.add("domain is missing");
    }
    return text("domain").orElse("");
  }

  /** The attributes; values that are no texts become some. None where they are not given. */
  public Map<String, String> attributes() {
    Map<String, String> attributes = new TreeMap<>();
    given("attributes")
        .ifPresent(
            node -> {
              if (!node.isObject()) {
                mistakes.add("attributes is no JSON object, such as {\"user_id\": \"42\"}");
              }
              node.properties().forEach(it -> put(it.getKey(), it.getValue(), attributes));
            });
    return attributes;
  }

  private void put(String key, JsonNode value, Map<String, String> attributes) {
    if (value.isValueNode() && !value.isNull()) {
      attributes.put(key, value.asText());
    } else {
      mistakes.add("the attribute " + key + " is no plain value");
    }
  }

  /** The operation, where it is given. */
  public Optional<Operation> operation() {
    Optional<String> name = text("operation");
    Optional<Operation> operation =
        name.flatMap(it -> OPERATIONS.stream().filter(op -> op.name().equals(it)).findFirst());
    if (name.isPresent() && operation.isEmpty()) {
      mistakes.add(
          "operation is '"
              + name.get()
              + "'; it must be one of "
              + OPERATIONS.stream().map(Enum::name).collect(Collectors.joining(", ")));
    }
    return operation;
  }

  /** A text, where it is given. */
  public Optional<String> text(String name) {
    return given(name, JsonNode::isTextual, "a text in quotes").map(JsonNode::textValue);
  }

  /** A whole number, where it is given. */
  public Optional<Long> number(String name) {
    return given(name, RequestFields::isLong, "a whole number up to " + Long.MAX_VALUE)
        .map(JsonNode::longValue);
  }

  /** As decisions have it, in milliseconds since the epoch, or as people write it. */
  public Optional<Instant> time(String name) {
    if (given(name).filter(JsonNode::isTextual).isEmpty()) {
      return given(name, RequestFields::isLong, TIME.expectation())
          .map(JsonNode::longValue)
          .map(Instant::ofEpochMilli);
    }
    String text = text(name).orElseThrow();
    try {
      return Optional.of(TIME.parse(text));
    } catch (IllegalArgumentException e) {
      mistakes.add(name + " is '" + text + "'; " + e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean isLong(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong();
  }

  private Optional<JsonNode> given(String name, Predicate<JsonNode> rule, String what) {
    Optional<JsonNode> node = given(name);
    node.filter(rule.negate())
        .ifPresent(it -> mistakes.add(name + " is " + it + "; it must be " + what));
    return node.filter(rule);
  }

  private Optional<JsonNode> given(String name) {
    JsonNode node = request.path(name);
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }
}
