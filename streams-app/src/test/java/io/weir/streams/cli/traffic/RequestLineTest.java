package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.traffic.RequestLine.BadLineException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLineTest {
  private final RequestLine lines = new RequestLine(() -> "generated");

  @Test
  void everyFieldOfTheSchemaCanBeGiven() throws BadLineException {
    RequestEvent request =
        lines.parse(
            """
            {"request_id": "r-1", "domain": "api", "attributes": {"user_id": "42"}, "cost": 3,
             "operation": "REFUND", "charged_at": 1700000000000}""");

    assertThat(request.getRequestId()).isEqualTo("r-1");
    assertThat(request.getDomain()).isEqualTo("api");
    assertThat(request.getAttributes()).isEqualTo(Map.of("user_id", "42"));
    assertThat(request.getCost()).isEqualTo(3);
    assertThat(request.getOperation()).isEqualTo(Operation.REFUND);
    assertThat(request.getChargedAt()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_000L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1700000000123",
        "\"1700000000123\"",
        "\"2023-11-14T22:13:20.123Z\"",
        "\"2023-11-14T23:13:20.123+01:00\""
      })
  void theTimeOfAChargeIsReadAsDecisionsAndPeopleWriteIt(String time) throws BadLineException {
    assertThat(lines.parse("{\"domain\": \"a\", \"charged_at\": " + time + "}").getChargedAt())
        .isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
  }

  @Test
  void whatIsLeftOutHasTheDefaultsOfTheSchema() throws BadLineException {
    RequestEvent request = lines.parse("{\"domain\": \"api\"}");

    assertThat(request.getRequestId()).isEqualTo("generated");
    assertThat(request.getAttributes()).isEmpty();
    assertThat(request.getCost()).isEqualTo(1);
    assertThat(request.getOperation()).isEqualTo(Operation.CHECK);
    assertThat(request.getChargedAt()).isNull();
  }

  @Test
  void attributesMayBeNumbersAndTruthValues() throws BadLineException {
    assertThat(
            lines
                .parse("{\"domain\": \"api\", \"attributes\": {\"user_id\": 42, \"admin\": true}}")
                .getAttributes())
        .isEqualTo(Map.of("user_id", "42", "admin", "true"));
  }

  @Test
  void whatTheApplicationMustRefuseCanBeSent() throws BadLineException {
    RequestEvent request = lines.parse("{\"domain\": \"\", \"cost\": -1, \"request_id\": \"\"}");

    assertThat(request.getDomain()).isEmpty();
    assertThat(request.getCost()).isEqualTo(-1);
  }

  @Test
  void allThatIsWrongWithALineIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                lines.parse(
                    """
                    {"domian": "api", "cost": "1", "operation": "CHARGE", "charged_at": 1.5,
                     "request_id": 7, "attributes": {"a": null, "b": [], "c": "d"}}"""))
        .hasMessage(
            "a request has no field domian; did you mean domain?; request_id is 7; it must be a text"
                + " in quotes; domain is missing; the attribute a is no plain value; the attribute b"
                + " is no plain value; cost is \"1\"; it must be a whole number up to"
                + " 9223372036854775807; charged_at is 1.5; it must be a time such as 2026-11-21T18:00:00.123Z, or milliseconds since the epoch;"
                + " operation is 'CHARGE'; it must be one of CHECK, PEEK,"
                + " REFUND, RESET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"domain"                              | is not JSON: it ends too early
          {"domain": "api"                       | is not JSON: it ends too early
          {"domain": "api"} x                    | is not JSON from column 19 on; a request is a JSON object
          oops                                   | is not JSON from column 1 on; a request is a JSON object
          [1]                                    | a request is a JSON object
          {}                                     | domain is missing
          {"domain": 1}                          | domain is 1; it must be a text in quotes
          {"domain": "api", "user": "x"}         | a request has no field user
          {"domain": "api", "atributes": {}}     | a request has no field atributes; did you mean attributes?
          {"domain": "api", "cost": 1.5}         | cost is 1.5; it must be a whole number up to 9223372036854775807
          {"domain": "api", "cost": "1"}         | cost is "1"; it must be a whole number up to 9223372036854775807
          {"domain": "api", "attributes": []}    | attributes is no JSON object
          {"domain": "a", "attributes": {"b":[]}}| the attribute b is no plain value
          {"domain": "a", "charged_at": "noon"}  | charged_at is 'noon'; it must be a time such as 2026-11-21T18:00:00.123Z, or milliseconds since the epoch
          {"domain": "a", "charged_at": "+999999999-01-01T00:00:00Z"} | charged_at is '+999999999-01-01T00:00:00Z'; it must be a time such as 2026-11-21T18:00:00.123Z, or milliseconds since the epoch
          {"domain": "a", "operation": "CHARGE"} | operation is 'CHARGE'; it must be one of CHECK, PEEK, REFUND, RESET
          """)
  void aLineThatIsNoRequestIsExplained(String line, String message) {
    assertThatThrownBy(() -> lines.parse(line))
        .isInstanceOf(BadLineException.class)
        .hasMessageContaining(message)
        .hasMessageNotContainingAny("token", "REDACTED");
  }
}
