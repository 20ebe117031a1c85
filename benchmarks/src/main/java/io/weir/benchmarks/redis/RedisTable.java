package io.weir.benchmarks.redis;

import io.weir.streams.cli.TextTable;
import io.weir.streams.cli.TextTable.Cell;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** A report for people. */
final class RedisTable {
  private final Ansi ansi;

  RedisTable(Ansi ansi) {
    this.ansi = ansi;
  }

  /** Prints what was measured. */
  void print(RedisReport report, PrintWriter out) {
    printDuels(report, out);
    printPaced(report, out);
    printMemory(report, out);
    printUnfinished(report, out);
    out.flush();
  }

  private void printDuels(RedisReport report, PrintWriter out) {
    if (report.duels().isEmpty()) {
      return;
    }
    out.println(
        "Checks on one Redis ("
            + report.server()
            + "): medians, those of each round in brackets; Weir's as a multiple of the others'");
    TextTable table =
        new TextTable(
            ansi,
            "CALLERS",
            "COMPETITOR",
            "CHECKS/s",
            "p50 µs",
            "p99 µs",
            "DENIED",
            "WITHOUT REDIS",
            "WEIR IS");
    for (Duel duel : report.duels()) {
      for (Competitor competitor : duel.runs().keySet()) {
        table.add(
            Cell.plain(text("%,d", duel.callers())),
            Cell.plain(competitor.label()),
            Cell.plain(
                text("%,.0f (%s)", duel.perSecond(competitor), each(duel.rates(competitor), 0))),
            Cell.plain(text("%,.0f", duel.p50Micros(competitor))),
            Cell.plain(text("%,.0f", duel.p99Micros(competitor))),
            Cell.plain(text("%.1f %%", 100 * duel.deniedShare(competitor))),
            Cell.plain(text("%,d", duel.unanswered(competitor))),
            competitor == Competitor.WEIR
                ? Cell.plain("")
                : Cell.styled(
                    "bold",
                    text("%.2f (%s)", duel.ratio(competitor), each(duel.ratios(competitor), 2))));
      }
    }
    table.print(out);
  }

  private void printPaced(RedisReport report, PrintWriter out) {
    if (report.paced().isEmpty()) {
      return;
    }
    out.println();
    Paced paced = report.paced();
    out.println(
        text(
            "Latency at %,d checks a second, from the time a check was due, in ms: medians, and the"
                + " longest of all; p99 of each round in brackets",
            report.plan().perSecond()));
    TextTable table =
        new TextTable(ansi, "COMPETITOR", "p50", "p99", "MAX", "BEGUN LATE p99", "WITHOUT REDIS");
    for (Competitor competitor : paced.runs().keySet()) {
      List<Double> p99s = paced.p99Micros(competitor).stream().map(micros -> micros / 1e3).toList();
      table.add(
          Cell.plain(competitor.label()),
          Cell.plain(text("%.2f", paced.median(competitor, PaceResult::p50Micros) / 1e3)),
          Cell.styled(
              "bold",
              text(
                  "%.2f (%s)",
                  paced.median(competitor, PaceResult::p99Micros) / 1e3, each(p99s, 2))),
          Cell.plain(text("%.2f", paced.maxMicros(competitor) / 1e3)),
          Cell.plain(text("%.2f", paced.median(competitor, PaceResult::startLagP99Micros) / 1e3)),
          Cell.plain(text("%,d", paced.unanswered(competitor))));
    }
    table.print(out);
  }

  private void printMemory(RedisReport report, PrintWriter out) {
    if (report.memory().isEmpty()) {
      return;
    }
    out.println();
    out.println("Memory of a key in Redis, in bytes");
    TextTable table = new TextTable(ansi, "COMPETITOR", "ALL", "ITS NAME");
    report
        .memory()
        .forEach(
            (competitor, memory) ->
                table.add(
                    Cell.plain(competitor.label()),
                    Cell.plain(text("%,d", memory.bytes())),
                    Cell.plain(text("%,d", memory.nameBytes()))));
    table.print(out);
  }

  private static void printUnfinished(RedisReport report, PrintWriter out) {
    List<Integer> measured = report.duels().stream().map(Duel::callers).toList();
    Optional<String> missing =
        report.plan().callers().stream()
            .filter(callers -> !measured.contains(callers))
            .map(callers -> text("%d", callers))
            .reduce((one, other) -> one + ", " + other);
    missing.ifPresent(
        callers -> {
          out.println();
          out.println("Not measured, or not all of it: callers " + callers);
        });
    if (report.paced().isEmpty()) {
      out.println();
      out.println("Not measured, or not all of it: latency at a fixed rate");
    }
  }

  private static String each(List<Double> values, int digits) {
    return values.stream()
        .map(value -> text("%,." + digits + "f", value))
        .collect(Collectors.joining(" "));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
