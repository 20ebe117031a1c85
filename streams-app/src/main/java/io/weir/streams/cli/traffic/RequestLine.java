package io.weir.streams.cli.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.JsonLine;
import io.weir.streams.gateway.RequestFields;
import java.util.List;
import java.util.function.Supplier;
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
  private static final List<String> FIELDS =
      RequestEvent.getClassSchema().getFields().stream().map(Schema.Field::name).toList();

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
    JsonNode node;
    try {
      node = JsonLine.object(line, EXAMPLE);
    } catch (IllegalArgumentException e) {
      throw new BadLineException(String.valueOf(e.getMessage()));
    }
    RequestFields fields = new RequestFields(node, FIELDS);
    RequestEvent.Builder request =
        RequestEvent.newBuilder()
            .setRequestId(fields.text("request_id").orElseGet(requestIds))
            .setDomain(fields.domain())
            .setAttributes(fields.attributes());
    fields.number("cost").ifPresent(request::setCost);
    fields.time("charged_at").ifPresent(request::setChargedAt);
    fields.operation().ifPresent(request::setOperation);
    if (!fields.mistakes().isEmpty()) {
      throw new BadLineException(String.join("; ", fields.mistakes()));
    }
    return request.build();
  }
}
