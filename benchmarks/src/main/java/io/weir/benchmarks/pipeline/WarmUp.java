package io.weir.benchmarks.pipeline;

import java.util.List;

/**
 * Before latency where no throughput was measured: what is not compiled yet cannot keep up with the
 * rate, and would be measured for its backlog.
 */
final class WarmUp implements Part {
  private final ThroughputSection throughput;
  private final List<Candidate> candidates;

  /** A warm-up of some candidates, by the requests of a section. */
  WarmUp(ThroughputSection throughput, List<Candidate> candidates) {
    this.throughput = throughput;
    this.candidates = candidates;
  }

  @Override
  public int steps() {
    return candidates.size();
  }

  @Override
  public void run(BenchSession session, Measured measured) {
    candidates.forEach(candidate -> throughput.warmUp(session, candidate));
  }
}
