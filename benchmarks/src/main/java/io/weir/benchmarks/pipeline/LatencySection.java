package io.weir.benchmarks.pipeline;

import java.util.List;
import java.util.Locale;

/**
 * Measures how long decisions take at a fixed rate, under both guarantees; and beside it how long
 * it takes requests that are passed through, which is what this machine does without Weir.
 */
final class LatencySection implements Part {
  /** Who is measured. */
  static final List<Candidate> CANDIDATES = List.of(Candidate.PASS_THROUGH, Candidate.WEIR);

  @Override
  public int steps() {
    return Guarantee.values().length * CANDIDATES.size();
  }

  @Override
  public void run(BenchSession session, Measured measured) {
    for (Guarantee guarantee : Guarantee.values()) {
      for (Candidate candidate : CANDIDATES) {
        measured.add(one(session, candidate, guarantee));
      }
    }
  }

  private static LatencyResult one(BenchSession session, Candidate candidate, Guarantee guarantee) {
    BenchPlan plan = session.plan();
    String requests = "latency." + candidate.label() + "." + guarantee.label();
    session.topics().create(requests, plan.partitions());
    AppSpec app =
        session
            .newApp(candidate, requests, RequestShape.KEYED, guarantee, plan.partitions())
            .withSettings(LowLatency.SETTINGS);
    session.topics().createFor(app);
    WorkerProcess worker = session.worker(candidate.label());
    var progress =
        session
            .progress()
            .begin(
                "latency %s, %,d/s, %s"
                    .formatted(guarantee.setting(), plan.latency().perSecond(), candidate.label()));
    ServeResult unused = worker.perform(new Task.Serve(app), ServeResult.class, share -> {});
    LoadResult load =
        session
            .load()
            .perform(
                new Task.Load(
                    session.bootstrapServers(),
                    requests,
                    app.topics().decisions(),
                    plan.partitions(),
                    plan.latency().perSecond(),
                    plan.latency().warmUpMillis(),
                    plan.latency().millis(),
                    plan.seed()),
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
    return new LatencyResult(
        candidate, guarantee, app.commitIntervalMillis(), plan.latency().perSecond(), load, end);
  }
}
