package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.BenchProgress;
import io.weir.streams.cli.dev.EmbeddedFiles;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All sections of a plan, one after the other, over one broker. */
final class Bench implements Measurement {
  private final EmbeddedFiles files;
  private final BenchPlan plan;
  private final Map<Section, List<Part>> sections = new EnumMap<>(Section.class);

  /**
   * A bench.
   *
   * @param files of the broker
   */
  Bench(EmbeddedFiles files, BenchPlan plan) {
    this.files = files;
    this.plan = plan;
    plan.sections().forEach(section -> sections.put(section, parts(section)));
  }

  @Override
  public int steps() {
    // One is the broker's start.
    return 1 + sections.values().stream().flatMap(Collection::stream).mapToInt(Part::steps).sum();
  }

  @Override
  public void run(BenchProgress progress, Measured measured) throws InterruptedException {
    var unused = progress.begin("starting a broker");
    try (BenchSession session = new BenchSession(files, plan, progress)) {
      progress.end("done");
      for (Map.Entry<Section, List<Part>> section : sections.entrySet()) {
        measured.section(
            section.getKey(),
            () -> {
              for (Part part : section.getValue()) {
                part.run(session, measured);
              }
            });
      }
    }
  }

  private List<Part> parts(Section section) {
    return switch (section) {
      case THROUGHPUT -> List.of(throughput(RequestShape.KEYED));
      case IDENTIFIERS -> List.of(throughput(RequestShape.TWO_IDENTIFIERS));
      case HOP -> List.of(throughput(RequestShape.REKEYED));
      case LATENCY -> latency();
      case EXPIRY -> List.of(expiry());
      case RESTORE ->
          plan.state().restorePartitions().stream()
              .<Part>map(partitions -> new StateSection(partitions, 0, "state"))
              .toList();
      case STANDBY -> List.of(new StandbySection());
    };
  }

  private ThroughputSection throughput(RequestShape shape) {
    return new ThroughputSection(shape, plan.throughput());
  }

  private List<Part> latency() {
    return plan.sections().contains(Section.THROUGHPUT)
        ? List.of(new LatencySection(plan.latency()))
        : List.of(
            new WarmUp(throughput(RequestShape.KEYED), plan.latency().candidates()),
            new LatencySection(plan.latency()));
  }

  private Part expiry() {
    // Where memory is looked at, the worker is one that has done nothing else.
    String worker = plan.sections().contains(Section.RESTORE) ? "state" : Candidate.WEIR.label();
    return new StateSection(plan.partitions(), plan.state().rounds(), worker);
  }
}
