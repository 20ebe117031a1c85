package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.Commands;
import io.weir.streams.cli.OptionTypes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrafficOptionsTest {

  @ParameterizedTest
  @MethodSource("mistakes")
  void whatWouldDoNothingIsAUsageError(List<String> arguments, String message) {
    Commands.Result result = Commands.in(Map.of()).run(arguments.toArray(String[]::new));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: " + message + System.lineSeparator());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1795258628544, 1795258628544",
    "2026-11-21T18:00:00Z, 1795284000000",
    "2026-11-21T18:00:00.123Z, 1795284000123",
    "2026-11-21T19:00:00.120+01:00, 1795284000120",
  })
  void aTimeIsReadAsDecisionsAndQueriesWriteIt(String text, long millis) {
    assertThat(new OptionTypes.Moment().convert(text)).isEqualTo(Instant.ofEpochMilli(millis));
  }

  @Test
  void aRefundThatContradictsItsDecisionIsNotSent() {
    Commands nobody =
        Commands.in(Map.of("WEIR_BOOTSTRAP_SERVERS", "127.0.0.1:1"))
            .withInput(
                """
                {"domain": "api", "verdict": "ALLOW", "reason": "WITHIN_LIMIT",
                 "evaluation_time": 1, "statuses": [{"rule": "per-user", "mode": "ENFORCED",
                 "state_key": "api/user_id=42|#", "burst": 10, "remaining": 7}]}""");

    Commands.Result whose = nobody.run("refund", "user_id=43", "--decision", "-");
    assertThat(whose.code()).isEqualTo(1);
    assertThat(whose.err().lines())
        .containsExactly(
            "error: standard input: the decision is about a request with user_id=42, but here"
                + " user_id is '43'",
            "hint: name the attributes of the request that was charged");
    assertThat(nobody.run("refund", "user_id=42", "--decision", "-", "--cost", "4").err().lines())
        .containsExactly(
            "error: standard input: the request took at most 3, and 4 cannot come back: after it 7"
                + " of 10 were left of per-user",
            "hint: --cost sets how many come back");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            List.of("send", "requests.jsonl", "--count", "3"),
            "--count needs --domain; the lines of a file say themselves what they ask for"),
        Arguments.of(
            List.of("send", "--cost", "3"),
            "--cost needs --domain; the lines of a file say themselves what they ask for"));
  }
}
