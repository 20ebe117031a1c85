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
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw new BadLineException(
            "a request has no field " + field.getKey() + Nearest.hint(field.getKey(), FIELDS));
      }
    }
    RequestEvent.Builder request =
        RequestEvent.newBuilder()
            .setRequestId(text(node, "request_id").orElseGet(requestIds))
            .setDomain(
                text(node, "domain").orElseThrow(() -> new BadLineException("domain is missing")))
            .setAttributes(attributes(node));
    Optional<Long> cost = number(node, "cost");
    Optional<Long> chargedAt = number(node, "charged_at");
    Optional<String> operation = text(node, "operation");
    cost.ifPresent(request::setCost);
    chargedAt.map(Instant::ofEpochMilli).ifPresent(request::setChargedAt);
    if (operation.isPresent()) {
      request.setOperation(operation(operation.get()));
    }
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

  private static Map<String, String> attributes(JsonNode request) throws BadLineException {
    JsonNode node = request.path("attributes");
    Map<String, String> attributes = new TreeMap<>();
    if (node.isMissingNode() || node.isNull()) {
      return attributes;
    }
    if (!node.isObject()) {
      throw new BadLineException("attributes is no JSON object, such as {\"user_id\": \"42\"}");
    }
    for (Map.Entry<String, JsonNode> attribute : node.properties()) {
      if (!attribute.getValue().isValueNode() || attribute.getValue().isNull()) {
        throw new BadLineException("the attribute " + attribute.getKey() + " is no plain value");
      }
      attributes.put(attribute.getKey(), attribute.getValue().asText());
    }
    return attributes;
  }

  private static Optional<String> text(JsonNode request, String name) throws BadLineException {
    JsonNode node = request.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      throw new BadLineException(name + " is " + node + "; it must be a text in quotes");
    }
    return Optional.of(node.textValue());
  }

  private static Optional<Long> number(JsonNode request, String name) throws BadLineException {
    JsonNode node = request.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new BadLineException(name + " is " + node + "; it must be a whole number");
    }
    return Optional.of(node.longValue());
  }

  private static Operation operation(String name) throws BadLineException {
    return OPERATIONS.stream()
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadLineException(
                    "operation is '"
                        + name
                        + "'; it must be one of "
                        + OPERATIONS.stream().map(Enum::name).collect(Collectors.joining(", "))));
  }
}
