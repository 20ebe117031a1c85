package io.weir.benchmarks.pipeline;

import io.weir.streams.cli.CommandFailure;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a bench has measured so far. Thread-safe, so that it can be reported when the process is
 * asked to end.
 */
final class Measured {
  private final BenchPlan plan;
  private final Set<Section> unfinished;
  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<LatencyResult> latencies = new ArrayList<>();
  private final List<StateResult> states = new ArrayList<>();
  private final List<StandbyResult> standbys = new ArrayList<>();

  /** Nothing yet. */
  Measured(BenchPlan plan) {
    this.plan = plan;
    this.unfinished = EnumSet.copyOf(plan.sections());
  }

  /** What measures a section. */
  interface Work {
    /** Measures it. */
    void run() throws InterruptedException;
  }

  /**
   * Has a section measured. What it has added stays when it fails.
   *
   * @throws CommandFailure if it fails; it says which section that was
   */
  void section(Section section, Work work) throws InterruptedException {
    try {
      work.run();
    } catch (CommandFailure e) {
      throw new CommandFailure(in(section) + e.getMessage(), e.hint().orElse(""), e);
    } catch (RuntimeException e) {
      throw new CommandFailure(
          in(section) + "unexpected: " + e, "--verbose shows where it comes from", e);
    }
    finish(section);
  }

  private static String in(Section section) {
    return "section " + section.label() + ": ";
  }

  private synchronized void finish(Section section) {
    unfinished.remove(section);
  }

  /** Adds a comparison, which has all its runs. */
  synchronized void add(Comparison comparison) {
    comparisons.add(comparison);
  }

  /** Adds what was measured of latency, which has all its runs. */
  synchronized void add(LatencyResult latency) {
    latencies.add(latency);
  }

  /** Adds what was measured of a store full of idle rows. */
  synchronized void add(StateResult state) {
    states.add(state);
  }

  /** Adds what was measured of a standby. */
  synchronized void add(StandbyResult standby) {
    standbys.add(standby);
  }

  /** All that is there by now. */
  synchronized BenchReport report() {
    return new BenchReport(
        plan,
        List.copyOf(unfinished),
        List.copyOf(comparisons),
        List.copyOf(latencies),
        List.copyOf(states),
        List.copyOf(standbys));
  }
}
