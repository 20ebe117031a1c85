package io.weir.benchmarks.redis;

import io.weir.benchmarks.harness.Stats;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A report as objects for JSON. */
final class RedisJson {
  private static final int RATIO_DIGITS = 3;
  private static final int MILLIS_DIGITS = 3;

  private RedisJson() {}

  /** All runs. */
  static Map<String, Object> all(RedisReport report) {
    Map<String, Object> duels = new LinkedHashMap<>();
    report.duels().forEach(duel -> duels.put(callers(duel.callers()), duel(duel)));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("plan", report.plan());
    all.put("server", report.server());
    all.put("callers", duels);
    all.put("paced", byLabel(report.paced().runs()));
    all.put("memory", byLabel(report.memory()));
    return Map.of("redis_report", all);
  }

  private static Map<String, Object> duel(Duel duel) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("ratios_to_bucket4j", duel.ratios(Competitor.BUCKET4J));
    one.put("ratios_to_floor", duel.ratios(Competitor.FLOOR));
    one.put("runs", byLabel(duel.runs()));
    return one;
  }

  /**
   * The headline: the last line of {@code --json}. The keys are always there, one for each number
   * of callers; what was not measured is null.
   */
  static Map<String, Object> headline(RedisReport report) {
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("vs_bucket4j", ratios(report, Competitor.BUCKET4J));
    figures.put("vs_floor", ratios(report, Competitor.FLOOR));
    String rate = "_ms_at_" + report.plan().perSecond();
    figures.put("p50" + rate, pacedMillis(report, Competitor.WEIR, PaceResult::p50Micros));
    figures.put("p99" + rate, pacedMillis(report, Competitor.WEIR, PaceResult::p99Micros));
    figures.put("all_p99" + rate, pacedMillis(report, PaceResult::p99Micros));
    figures.put("per_second", ofAll(report, Duel::perSecond, 0));
    figures.put("p50_us", ofAll(report, Duel::p50Micros, 1));
    figures.put("p99_us", ofAll(report, Duel::p99Micros, 1));
    figures.put("unanswered", ofAll(report, Duel::unanswered, 0));
    figures.put("key_memory", byLabel(report.memory()));
    figures.put("server", report.server());
    return Map.of("redis", figures);
  }

  private static Map<String, @Nullable Object> ratios(RedisReport report, Competitor other) {
    return byCallers(report, duel -> duel.ratio(other), RATIO_DIGITS);
  }

  private static Map<String, @Nullable Object> pacedMillis(
      RedisReport report, ToDoubleFunction<PaceResult> micros) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    for (Competitor competitor : Competitor.values()) {
      all.put(competitor.label(), pacedMillis(report, competitor, micros));
    }
    return all;
  }

  private static @Nullable Object pacedMillis(
      RedisReport report, Competitor competitor, ToDoubleFunction<PaceResult> micros) {
    return report.paced().isEmpty()
        ? null
        : Stats.rounded(report.paced().median(competitor, micros) / 1e3, MILLIS_DIGITS);
  }

  private static Map<String, Object> ofAll(
      RedisReport report, ToDoubleBiFunction<Duel, Competitor> figure, int digits) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Competitor competitor : Competitor.values()) {
      all.put(
          competitor.label(),
          byCallers(report, duel -> figure.applyAsDouble(duel, competitor), digits));
    }
    return all;
  }

  private static Map<String, @Nullable Object> byCallers(
      RedisReport report, ToDoubleFunction<Duel> figure, int digits) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    for (int callers : report.plan().callers()) {
      Optional<Duel> measured =
          report.duels().stream().filter(duel -> duel.callers() == callers).findFirst();
      all.put(
          callers(callers),
          measured.map(duel -> Stats.rounded(figure.applyAsDouble(duel), digits)).orElse(null));
    }
    return all;
  }

  private static String callers(int callers) {
    return String.format(Locale.ROOT, "%d", callers);
  }

  private static Map<String, Object> byLabel(Map<Competitor, ?> values) {
    Map<String, Object> all = new LinkedHashMap<>();
    values.forEach((competitor, value) -> all.put(competitor.label(), value));
    return all;
  }
}
