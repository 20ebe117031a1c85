package io.weir.benchmarks.pipeline;

import io.weir.streams.cli.dev.EmbeddedFiles;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All sections of a plan, one after the other, over one broker. */
final class Bench {
  private final BenchPlan plan;
  private final Map<Section, ThroughputSection> throughputs = new LinkedHashMap<>();
  private final Optional<LatencySection> latency;
  private final List<StateSection> states = new ArrayList<>();
  private final Optional<StandbySection> standby;

  Bench(BenchPlan plan) {
    this.plan = plan;
    addThroughput(Section.THROUGHPUT, RequestShape.KEYED);
    addThroughput(Section.IDENTIFIERS, RequestShape.TWO_IDENTIFIERS);
    addThroughput(Section.HOP, RequestShape.REKEYED);
    this.latency = has(Section.LATENCY) ? Optional.of(new LatencySection()) : Optional.empty();
    if (has(Section.EXPIRY)) {
      // Where memory is looked at, the worker is one that has done nothing else.
      String worker = has(Section.RESTORE) ? "state" : Candidate.WEIR.label();
      states.add(new StateSection(plan.partitions(), plan.expiryRounds(), worker));
    }
    if (has(Section.RESTORE)) {
      plan.restorePartitions()
          .forEach(partitions -> states.add(new StateSection(partitions, 0, "state")));
    }
    this.standby = has(Section.STANDBY) ? Optional.of(new StandbySection()) : Optional.empty();
  }

  /** Runs all of it. */
  BenchReport run(EmbeddedFiles files, PrintWriter err, boolean terminal)
      throws InterruptedException {
    BenchProgress progress = new BenchProgress(err, terminal, steps(), System::nanoTime);
    List<Comparison> comparisons = new ArrayList<>();
    List<LatencyResult> latencies = new ArrayList<>();
    List<StateResult> stateResults = new ArrayList<>();
    List<StandbyResult> standbys = new ArrayList<>();
    var unused = progress.begin("starting a broker");
    try (BenchSession session = new BenchSession(files, plan, progress)) {
      progress.end("done");
      for (ThroughputSection section : throughputs.values()) {
        comparisons.addAll(section.run(session));
      }
      if (latencyIsCold()) {
        ThroughputSection warming = new ThroughputSection(RequestShape.KEYED, plan);
        LatencySection.CANDIDATES.forEach(candidate -> warming.warmUp(session, candidate));
      }
      latency.ifPresent(section -> latencies.addAll(section.run(session)));
      for (StateSection section : states) {
        stateResults.add(section.run(session));
      }
      if (standby.isPresent()) {
        standbys.add(standby.get().run(session));
      }
    } finally {
      // An error too must stand on a line of its own.
      progress.clear();
    }
    return new BenchReport(plan, comparisons, latencies, stateResults, standbys);
  }

  private int steps() {
    int steps = 1;
    for (ThroughputSection section : throughputs.values()) {
      steps += section.steps();
    }
    steps +=
        latency.map(LatencySection::steps).orElse(0)
            + (latencyIsCold() ? LatencySection.CANDIDATES.size() : 0);
    for (StateSection section : states) {
      steps += section.steps();
    }
    return steps + standby.map(StandbySection::steps).orElse(0);
  }

  /**
   * What is not compiled yet cannot keep up with the rate, and would be measured for its backlog.
   */
  private boolean latencyIsCold() {
    return has(Section.LATENCY) && !has(Section.THROUGHPUT);
  }

  private void addThroughput(Section section, RequestShape shape) {
    if (has(section)) {
      throughputs.put(section, new ThroughputSection(shape, plan));
    }
  }

  private boolean has(Section section) {
    return plan.sections().contains(section);
  }
}
