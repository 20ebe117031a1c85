package io.weir.streams.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.limiter.algorithm.Limit;
import io.weir.streams.cli.Commands;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.compare.Accuracy;
import io.weir.streams.compare.AccuracyStudy;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccuracyCommandTest {
  private static final String[] STUDY = {
    "--sources",
    "500",
    "--total",
    "50000",
    "--limit",
    "50",
    "--per",
    "30s",
    "--length",
    "10m",
    "--phase",
    "20s",
    "--spread",
    "0.5",
    "--seed",
    "7"
  };

  private final Commands commands = Commands.in(Map.of());

  @Test
  void eachOptionGoesIntoTheStudy() throws Exception {
    Result result = run(Stream.concat(Stream.of(STUDY), Stream.of("--json")));
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode printed = new ObjectMapper().readTree(result.out());
    Accuracy expected = expected();
    JsonNode counted = printed.path("counted");
    assertThat(counted.path("requests").asLong()).isEqualTo(expected.requests());
    assertThat(counted.path("admitted").asLong()).isEqualTo(expected.admitted());
    assertThat(counted.path("admitted_by_log").asLong()).isEqualTo(expected.admittedByLog());
    assertThat(counted.path("meter").path("wrongly_allowed").asLong())
        .isEqualTo(expected.meter().wronglyAllowed())
        .isPositive();
    assertThat(printed.path("meter").path("wrongly_allowed").asDouble())
        .isEqualTo((double) expected.meter().wronglyAllowed() / expected.requests());
    assertThat(printed.path("limiter").path("most_allowed").asDouble())
        .isEqualTo(expected.limiter().most() / 50.0);
    assertThat(printed.path("period_ms").asLong()).isEqualTo(30_000);
    assertThat(printed.path("spread").asDouble()).isEqualTo(0.5);
    assertThat(printed.path("seed").asLong()).isEqualTo(7);
  }

  @Test
  void whoReadsItHasShares() {
    Result result = run(Stream.of(STUDY));
    assertThat(result.code()).as(result.err()).isZero();
    Accuracy expected = expected();
    assertThat(result.out())
        .startsWith(
            "%,d requests of 500 sources in 10m, limit 50 / 30s".formatted(expected.requests()))
        .contains(
            String.format(
                Locale.ROOT,
                "  wrongly denied    %.4f %%; in the mean %.1f %% of the limit was left%n"
                    + "  most allowed      %.2f × the limit within 30s%n",
                100.0 * expected.meter().wronglyDenied() / expected.requests(),
                100 * expected.meter().meanLeft(),
                expected.meter().most() / 50.0))
        .contains("as a limiter, which counts what it admits:");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void whoWatchesSeesHowFarItIs() {
    Result result =
        new Commands(Map.of(), "", commands.withTerminal().terminal())
            .run("compare", "accuracy", "--total", "2000000");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("judged [").contains(" of 2,000,000");
  }

  @Test
  void whatIsWrongIsSaid() {
    assertRefused(2, "--spread", "a number from 0 to 3", "--spread", "4");
    assertRefused(2, "--phase", "0s", "--phase", "0s");
    Stream<String> longPeriod =
        Stream.of("--per", "365d", "--length", "365d", "--phase", "365d", "--total", "400000000");
    assertThat(run(longPeriod).err()).contains("cannot tell so many requests", "period of 365d");
    assertRefused(2, "--total", "a whole number, 1 or more", "--total", "0");
    assertRefused(1, "9007199254740993", "error: ", "--limit", "9007199254740993");
    assertRefused(1, "1,051,200 phases", "a longer --phase", "--length", "365d");
    assertRefused(1, "1h is over before", "one period of 2h", "--per", "2h");
    assertRefused(1, "5,000,000,000 requests", "at most 4,000,000,000", "--total", "5000000000");
    assertThat(run(Stream.of("--total", "1000", "--sources", "10", "--length", "2m")).out())
        .contains("nobody was over the limit");
    Result result = commands.run("compare", "--requests", "5", "spike", "accuracy");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("before the word accuracy");
  }

  private void assertRefused(int code, String which, String why, String... arguments) {
    Result result = run(Stream.of(arguments));
    assertThat(result.err()).contains(which, why).doesNotContain("unexpected");
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
  }

  private Result run(Stream<String> arguments) {
    return commands.run(
        Stream.concat(Stream.of("compare", "accuracy"), arguments).toArray(String[]::new));
  }

  private static Accuracy expected() {
    return new AccuracyStudy(
            Limit.slidingWindowCounter(50, Duration.ofSeconds(30)),
            new AccuracyStudy.SourceTraffic(
                500, 50_000, Duration.ofMinutes(10), Duration.ofSeconds(20), 0.5, 7))
        .run(requests -> {});
  }
}
