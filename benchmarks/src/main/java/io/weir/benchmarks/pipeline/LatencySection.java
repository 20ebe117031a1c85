package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.WorkerProcess;
import java.util.List;
import java.util.Locale;

/**
 * Measures how long decisions take at a fixed rate, under both guarantees; and beside it, where
 * that is asked for, how long it takes requests that are passed through, which is what this machine
 * does without Weir. The two take turns, so that whatever else the machine does meets both.
 */
final class LatencySection implements Part {
  private final BenchPlan.Latency plan;

  LatencySection(BenchPlan.Latency plan) {
    this.plan = plan;
  }

  @Override
  public int steps() {
    return Guarantee.values().length * plan.candidates().size() * plan.rounds();
  }

  @Override
  public void run(BenchSession session, Measured measured) {
    for (Guarantee guarantee : Guarantee.values()) {
      long commitMillis = commitMillis(session.plan(), guarantee);
      List<LatencyResult> results =
          plan.candidates().stream()
              .map(it -> new LatencyResult(it, guarantee, commitMillis, plan.perSecond()))
              .toList();
      for (int round = 1; round <= plan.rounds(); round++) {
        for (LatencyResult result : results) {
          measure(session, result, round);
          if (round == plan.rounds()) {
            measured.add(result);
          }
        }
      }
    }
  }

  private long commitMillis(BenchPlan whole, Guarantee guarantee) {
    return guarantee == Guarantee.AT_LEAST_ONCE
        ? plan.alosCommitMillis()
        : whole.commitMillis(guarantee);
  }

  private void measure(BenchSession session, LatencyResult result, int round) {
    Candidate candidate = result.candidate();
    Guarantee guarantee = result.guarantee();
    int partitions = session.plan().partitions();
    String requests = "latency.%s.%s.%d".formatted(candidate.label(), guarantee.label(), round);
    session.topics().create(requests, partitions);
    AppSpec app =
        session
            .newApp(candidate, requests, RequestShape.KEYED, guarantee, partitions)
            .withSettings(result.commitIntervalMillis(), LowLatency.SETTINGS);
    session.topics().createFor(app);
    WorkerProcess worker = session.worker(candidate.label());
    var progress =
        session
            .progress()
            .begin(
                "latency %s, %,d/s, %s, run %d"
                    .formatted(guarantee.setting(), plan.perSecond(), candidate.label(), round));
    ServeResult unused = worker.perform(new Task.Serve(app), ServeResult.class, share -> {});
    LoadResult load =
        session
            .load()
            .perform(
                new Task.Load(
                    session.bootstrapServers(),
                    requests,
                    app.topics().decisions(),
                    partitions,
                    plan.perSecond(),
                    plan.warmUpMillis(),
                    plan.millis(),
                    session.plan().seed()),
                LoadResult.class,
                progress);
    ServeResult end = worker.perform(new Task.Stop(), ServeResult.class, share -> {});
    session
        .progress()
        .end(
            String.format(
                Locale.ROOT, "p50 %.1f ms, p99 %.1f ms", load.p50Millis(), load.p99Millis()));
    session.topics().deleteAllOf(app.application());
    session.topics().delete(requests);
    result.add(load, end);
  }
}
