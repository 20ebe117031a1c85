package io.weir.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.benchmarks.harness.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadlineTest {
  @Test
  void hasTheSharesThePercentilesAndWhatExpiryCosts() {
    List<Comparison> comparisons = new ArrayList<>();
    double share = 0.5;
    for (Guarantee guarantee : Guarantee.values()) {
      for (KeySpread spread : KeySpread.values()) {
        comparisons.add(
            Results.comparison(
                guarantee,
                spread,
                Map.of(
                    Candidate.PASS_THROUGH, List.of(100.0), Candidate.WEIR, List.of(share * 100))));
        share += 0.1;
      }
    }
    BenchReport report =
        Results.report(
            comparisons,
            List.of(
                Results.latency(Guarantee.AT_LEAST_ONCE, Results.load(2.5, 8.125)),
                Results.latency(Guarantee.EXACTLY_ONCE_V2, Results.load(60, 120))),
            List.of(
                Results.state(List.of(Results.run(100)), List.of(Results.run(95, 12.5, 1000)))));

    assertThat(Lines.of(Headline.of(report)))
        .isEqualTo(
            "{\"share\":{\"alos_uniform\":0.5,\"alos_zipf\":0.6,\"eos_uniform\":0.7,"
                + "\"eos_zipf\":0.8},"
                + "\"latency_ms\":{\"alos\":{\"p50\":2.5,\"p99\":8.13},"
                + "\"eos\":{\"p50\":60.0,\"p99\":120.0}},"
                + "\"expiry\":{\"longest_pause_ms\":12.5,\"share\":0.95}}");
  }

  @Test
  void percentilesAreTheMediansOfTheRounds() {
    BenchReport report =
        Results.report(
            List.of(),
            List.of(
                Results.latency(
                    Guarantee.AT_LEAST_ONCE,
                    Results.load(2, 80),
                    Results.load(5, 9),
                    Results.load(3, 12))),
            List.of());

    assertThat(Lines.of(Headline.of(report))).contains("\"alos\":{\"p50\":3.0,\"p99\":12.0}");
  }

  @Test
  void whatWasNotMeasuredIsNullAndItsKeysAreThere() {
    assertThat(Lines.of(Headline.of(Results.report(List.of(), List.of(), List.of()))))
        .isEqualTo(
            "{\"share\":{\"alos_uniform\":null,\"alos_zipf\":null,\"eos_uniform\":null,"
                + "\"eos_zipf\":null},"
                + "\"latency_ms\":{\"alos\":{\"p50\":null,\"p99\":null},"
                + "\"eos\":{\"p50\":null,\"p99\":null}},"
                + "\"expiry\":{\"longest_pause_ms\":null,\"share\":null}}");
  }

  @Test
  void stateThatWasOnlyRestoredSaysNothingOfExpiry() {
    BenchReport report =
        Results.report(List.of(), List.of(), List.of(Results.state(List.of(), List.of())));

    assertThat(Lines.of(Headline.of(report))).contains("\"longest_pause_ms\":null");
  }
}
