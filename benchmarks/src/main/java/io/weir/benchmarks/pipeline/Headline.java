package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.Stats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The figures that matter most, in a form that does not change: the last line of {@code --json}.
 * The keys are always there; what was not measured is null.
 */
final class Headline {
  private static final int SHARE_DIGITS = 3;
  private static final int MILLIS_DIGITS = 2;

  private Headline() {}

  /** The headline of a report. */
  static Map<String, Object> of(BenchReport report) {
    Map<String, @Nullable Object> shares = new LinkedHashMap<>();
    Map<String, Object> latencies = new LinkedHashMap<>();
    for (Guarantee guarantee : Guarantee.values()) {
      for (KeySpread spread : KeySpread.values()) {
        shares.put(
            guarantee.label() + "_" + spread.label(),
            share(report.comparisons(), guarantee, spread));
      }
      latencies.put(guarantee.label(), latency(report.latencies(), guarantee));
    }
    Map<String, Object> headline = new LinkedHashMap<>();
    headline.put("share", shares);
    headline.put("latency_ms", latencies);
    headline.put("expiry", expiry(report.states()));
    return headline;
  }

  private static @Nullable Object share(
      List<Comparison> comparisons, Guarantee guarantee, KeySpread spread) {
    return comparisons.stream()
        .filter(comparison -> comparison.shape() == RequestShape.KEYED)
        .filter(comparison -> comparison.guarantee() == guarantee)
        .filter(comparison -> comparison.spread() == spread)
        .findFirst()
        .map(comparison -> Stats.rounded(comparison.share(Candidate.WEIR), SHARE_DIGITS))
        .orElse(null);
  }

  private static Map<String, @Nullable Object> latency(
      List<LatencyResult> latencies, Guarantee guarantee) {
    Optional<LatencyResult> measured =
        latencies.stream()
            .filter(latency -> latency.candidate() == Candidate.WEIR)
            .filter(latency -> latency.guarantee() == guarantee)
            .findFirst();
    Map<String, @Nullable Object> percentiles = new LinkedHashMap<>();
    percentiles.put(
        "p50", measured.map(it -> Stats.rounded(it.p50Millis(), MILLIS_DIGITS)).orElse(null));
    percentiles.put(
        "p99", measured.map(it -> Stats.rounded(it.p99Millis(), MILLIS_DIGITS)).orElse(null));
    return percentiles;
  }

  private static Map<String, @Nullable Object> expiry(List<StateResult> states) {
    Optional<StateResult> measured =
        states.stream().filter(state -> !state.with().isEmpty()).findFirst();
    Map<String, @Nullable Object> expiry = new LinkedHashMap<>();
    expiry.put(
        "longest_pause_ms",
        measured.map(it -> Stats.rounded(it.longestPauseMillis(), MILLIS_DIGITS)).orElse(null));
    expiry.put("share", measured.map(it -> Stats.rounded(it.share(), SHARE_DIGITS)).orElse(null));
    return expiry;
  }
}
