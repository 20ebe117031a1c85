package io.weir.streams.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.LimitMode;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QueryJsonTest {
  private static final Standing SEEN =
      new Standing(
          "api/user_id=42|user_id=42",
          "token_bucket",
          10,
          60_000,
          20,
          3,
          1_700_000_000_123L,
          OptionalLong.of(1_700_000_000_000L));
  private static final Standing NEVER_SEEN =
      new Standing("api/ip=1|ip=1", "fixed_window", 0, 1, 0, 0, 5, OptionalLong.empty());

  private final QueryJson json = new QueryJson(new ObjectMapper());

  @Test
  void anAnswerAboutLimitsComesBackAsItWent() {
    LimitsAnswer answer =
        new LimitsAnswer(
            "api",
            7,
            true,
            List.of("look out"),
            List.of(
                new LimitReport(
                    "api/user_id=42",
                    "host:1",
                    5,
                    "user_id",
                    LimitMode.QUOTA,
                    Verdict.DENY,
                    OptionalLong.of(17),
                    SEEN),
                new LimitReport(
                    "api/ip=1",
                    "host:2",
                    6,
                    "ip",
                    LimitMode.SHADOW,
                    Verdict.ALLOW,
                    OptionalLong.empty(),
                    NEVER_SEEN)));

    assertThat(json.readLimits(json.write(answer).toString())).isEqualTo(answer);
  }

  @Test
  void anAnswerAboutRowsComesBackAsItWent() {
    RowsAnswer answer =
        new RowsAnswer("api/user_id=42", "host:1", 5, List.of(SEEN, NEVER_SEEN), true);

    assertThat(json.readRows(json.write(answer).toString())).isEqualTo(answer);
  }

  @Test
  void timesAreReadableByPeople() {
    RowsAnswer answer = new RowsAnswer("api/user_id=42", "host:1", 5, List.of(SEEN), false);

    assertThat(json.write(answer).path("rows").get(0).path("reset_at").asText())
        .isEqualTo("2023-11-14T22:13:20.123Z");
  }

  @Test
  void fieldsOfANewerInstanceAreIgnored() {
    RowsAnswer answer = new RowsAnswer("api/user_id=42", "host:1", 5, List.of(), false);

    assertThat(json.readRows(json.write(answer).put("newer", 1).toString())).isEqualTo(answer);
  }

  @Test
  void whatIsNoAnswerSaysWhatItLacks() {
    assertThatThrownBy(() -> json.readRows("<html>"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the answer is not JSON");
    assertThatThrownBy(() -> json.readLimits("{\"domain\": \"api\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the answer has no field limits");
    assertThatThrownBy(
            () ->
                json.readRows(
                    "{\"identifier\": \"a\", \"instance\": \"b\", \"evaluated_at\": \"now\","
                        + " \"rows\": [], \"truncated\": false}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'now' is no time");
  }
}
