package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.Decision;
import io.weir.schemas.Reason;
import io.weir.schemas.Verdict;
import io.weir.streams.cli.AvroJson;
import io.weir.streams.cli.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChargedDecisionTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");

  @Test
  void whatWatchPrintsIsRead(@TempDir Path directory) throws IOException {
    String line = json(Verdict.ALLOW, Reason.WITHIN_LIMIT) + "\n";
    Path file = Files.writeString(directory.resolve("charged.json"), line);
    ChargedDecision expected = new ChargedDecision("api", NOON);

    assertThat(ChargedDecision.read(file.toString(), InputStream.nullInputStream()))
        .isEqualTo(expected);
    assertThat(ofInput(line)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"SHADOW_OVER_LIMIT", "QUOTA_OVER_LIMIT"})
  void whatWasAllowedBesideAnExhaustedLimitWasCharged(Reason reason) {
    assertThat(ofInput(json(Verdict.ALLOW, reason)).evaluationTime()).isEqualTo(NOON);
  }

  @ParameterizedTest
  @CsvSource({
    "DENY, OVER_LIMIT",
    "DENY, TIMEOUT",
    "ALLOW, NO_RULE",
    "ALLOW, UNLIMITED",
    "ALLOW, EXPIRED",
    "ALLOW, REFUNDED",
    "ALLOW, RESET",
  })
  void whatTookNothingIsNotRefunded(Verdict verdict, Reason reason) {
    assertThatThrownBy(() -> ofInput(json(verdict, reason)))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "standard input: the decision is "
                + verdict
                + " "
                + reason
                + ", which took nothing; there is nothing to give back");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``            | standard input holds no decision: that has domain, verdict, reason and"
            + " evaluation_time",
        "{} {}         | standard input holds 2 JSON values; it must hold one decision",
        "{\"a\":       | standard input:1: is not JSON",
        "oops          | standard input:1: is not JSON",
        "[]            | standard input holds no decision: that has domain, verdict, reason and"
            + " evaluation_time",
        "{\"domain\": \"api\", \"verdict\": \"ALLOW\", \"reason\": \"WITHIN_LIMIT\","
            + " \"evaluation_time\": \"noon\"} | standard input holds no decision: that has domain,"
            + " verdict, reason and evaluation_time",
      })
  void whatIsNoDecisionIsToldSo(String text, String message) {
    assertThatThrownBy(() -> ofInput(text))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(message)
        .extracting(it -> ((CommandFailure) it).hint().orElse(""))
        .isEqualTo(
            "./weir watch --from-beginning --request-id ID --max 1 --json prints a decision");
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path directory) {
    Path missing = directory.resolve("missing.json");

    assertThatThrownBy(
            () -> ChargedDecision.read(missing.toString(), InputStream.nullInputStream()))
        .hasMessage(missing + ": there is no such file");
    assertThatThrownBy(
            () -> ChargedDecision.read(directory.toString(), InputStream.nullInputStream()))
        .hasMessage(directory + ": is a directory; name a file in it");
  }

  private static ChargedDecision ofInput(String text) {
    return ChargedDecision.read(
        "-", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String json(Verdict verdict, Reason reason) {
    return AvroJson.of(
            Decision.newBuilder()
                .setRequestId("r-1")
                .setDomain("api")
                .setIdentifier("api/user_id=42")
                .setVerdict(verdict)
                .setReason(reason)
                .setEventTime(NOON)
                .setEvaluationTime(NOON)
                .build())
        .toString();
  }
}
