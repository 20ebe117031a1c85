package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.Commands;
import io.weir.streams.cli.OptionTypes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
