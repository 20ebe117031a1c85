package io.weir.benchmarks.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures how long decisions take at a fixed rate, under both guarantees. */
final class LatencySection {
  /** How many steps there will be. */
  int steps() {
    return Guarantee.values().length;
  }

  /** Runs all of it. */
  List<LatencyResult> run(BenchSession session) {
    List<LatencyResult> results = new ArrayList<>();
    for (Guarantee guarantee : Guarantee.values()) {
      results.add(one(session, guarantee));
    }
    return results;
  }

  private static LatencyResult one(BenchSession session, Guarantee guarantee) {
    BenchPlan plan = session.plan();
    String requests = "latency." + guarantee.label();
    session.topics().create(requests, plan.partitions());
    AppSpec app =
        session
            .newApp(Candidate.WEIR, requests, RequestShape.KEYED, guarantee, plan.partitions())
            .withSettings(LowLatency.SETTINGS);
    session.topics().createFor(app);
    WorkerProcess worker = session.worker(Candidate.WEIR.label());
    var progress =
        session
            .progress()
            .begin("latency %s, %,d/s".formatted(guarantee.setting(), plan.perSecond()));
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
                    plan.perSecond(),
                    plan.latencyWarmUpMillis(),
                    plan.latencyMillis(),
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
    return new LatencyResult(guarantee, app.commitIntervalMillis(), plan.perSecond(), load, end);
  }
}
