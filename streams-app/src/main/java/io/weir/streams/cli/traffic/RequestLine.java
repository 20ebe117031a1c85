package io.weir.streams.cli.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * Reads a request from a line of JSON whose names are those of the Avro schema:
 *
 * <pre>{@code {"domain": "api", "attributes": {"user_id": "42"}, "cost": 1}}</pre>
 *
 * <p>Only the form is checked, so that requests can be sent which the application must refuse.
 * Thread-safe.
 */
final class RequestLine {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);
  private static final List<String> FIELDS =
      RequestEvent.getClassSchema().getFields().stream().map(Schema.Field::name).toList();

  /** All but that which stands for operations newer than this. */
  private static final Set<Operation> OPERATIONS =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Operation.UNKNOWN)));

  private static final String EXAMPLE =
      "a request is a JSON object, such as {\"domain\": \"api\", …}";

  private static final SettingType<Instant> TIME = SettingTypes.instant();

  private final Supplier<String> requestIds;

  /** A reader that gives a request without request_id one of these. */
  RequestLine(Supplier<String> requestIds) {
    this.requestIds = requestIds;
  }

  /** A line that is no request; the message says what is wrong with it. */
  static final class BadLineException extends Exception {
    private static final long serialVersionUID = 1L;

    BadLineException(String message) {
      super(message);
    }
  }

  /**
   * The request.
   *
   * @throws BadLineException if the line is none
   */
  RequestEvent parse(String line) throws BadLineException {
    JsonNode node = tree(line);
    if (!node.isObject()) {
      throw new BadLineException(EXAMPLE);
    }
    Fields fields = new Fields(node);
    RequestEvent.Builder request =
        RequestEvent.newBuilder()
            .setRequestId(fields.text("request_id").orElseGet(requestIds))
            .setDomain(fields.domain())
            .setAttributes(fields.attributes());
    fields.number("cost").ifPresent(request::setCost);
    fields.time("charged_at").ifPresent(request::setChargedAt);
    fields.operation().ifPresent(request::setOperation);
    fields.requireNoMistake();
    return request.build();
  }

  private static JsonNode tree(String line) throws BadLineException {
    try {
      return READER.readTree(line);
    } catch (JsonEOFException e) {
      throw new BadLineException("is not JSON: it ends too early");
    } catch (JsonProcessingException e) {
      throw new BadLineException(
          "is not JSON from column " + e.getLocation().getColumnNr() + " on; " + EXAMPLE);
    }
  }

  /** The fields of one request, and all that is wrong with them. */
  private static final class Fields {
    private final JsonNode request;
    private final List<String> mistakes = new ArrayList<>();

    Fields(JsonNode request) {
      this.request = request;
      for (Map.Entry<String, JsonNode> field : request.properties()) {
        if (!FIELDS.contains(field.getKey())) {
          mistakes.add(
              "a request has no field " + field.getKey() + Nearest.hint(field.getKey(), FIELDS));
        }
      }
    }

    void requireNoMistake() throws BadLineException {
      if (!mistakes.isEmpty()) {
        throw new BadLineException(String.join("; ", mistakes));
      }
    }

    String domain() {
      if (given("domain").isEmpty()) {
        mistakes.add("domain is missing");
      }
      return text("domain").orElse("");
    }

    Map<String, String> attributes() {
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

    Optional<Operation> operation() {
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

    Optional<String> text(String name) {
      return given(name, JsonNode::isTextual, "a text in quotes").map(JsonNode::textValue);
    }

    Optional<Long> number(String name) {
      return given(name, Fields::isLong, "a whole number").map(JsonNode::longValue);
    }

    /** As decisions have it, in milliseconds since the epoch, or as people write it. */
    Optional<Instant> time(String name) {
      if (given(name).filter(JsonNode::isTextual).isEmpty()) {
        return given(name, Fields::isLong, TIME.expectation())
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
}
