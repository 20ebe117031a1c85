package io.weir.benchmarks.pipeline;

import io.weir.streams.topology.TopologyNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Fills the store with idle rows through the changelog, so that restoring them is measured; then
 * requests of other identifiers are worked off, without and with expiry in turn.
 */
final class StateSection implements Part {
  private static final Guarantee GUARANTEE = Guarantee.EXACTLY_ONCE_V2;

  /** Longer than any limit of the rules, and than the lateness, needs. */
  private static final Duration IDLE_FOR = Duration.ofDays(1);

  private final int partitions;
  private final int rounds;
  private final String worker;

  /**
   * A section.
   *
   * @param rounds runs with expiry, and as many without; 0 to measure restoring and memory only
   * @param worker the name of the worker; it ends with the section
   */
  StateSection(int partitions, int rounds, String worker) {
    this.partitions = partitions;
    this.rounds = rounds;
    this.worker = worker;
  }

  @Override
  public int steps() {
    return rounds == 0 ? 3 : 4 + 2 * rounds;
  }

  @Override
  public void run(BenchSession session, Measured measured) {
    BenchPlan.State plan = session.plan().state();
    String requests = "state." + partitions;
    session.topics().create(requests, partitions);
    AppSpec app =
        session
            .newApp(Candidate.WEIR, requests, RequestShape.KEYED, GUARANTEE, partitions)
            .withExpires(false);
    session.topics().createFor(app);
    fill(session, app, plan.idleRows());
    long bytesOnDisk =
        session.topics().bytesOnDisk(TopologyNames.limitsChangelog(app.application()));
    ServeResult restored = restore(session, app);
    session.writeRequests(requests, RequestShape.KEYED, KeySpread.UNIFORM, plan.requests());
    RunResult unused = traffic(session, app, "warm-up");
    if (rounds > 0) {
      unused = traffic(session, app.withExpires(true), "warm-up with expiry");
    }
    List<RunResult> without = new ArrayList<>();
    List<RunResult> with = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      without.add(traffic(session, app, "without expiry, run " + round));
      with.add(traffic(session, app.withExpires(true), "with expiry, run " + round));
    }
    session.worker(worker).perform(new Task.Serve(app), ServeResult.class, share -> {});
    ServeResult end =
        session.worker(worker).perform(new Task.Stop(), ServeResult.class, share -> {});
    session.end(worker);
    session.topics().deleteAllOf(app.application());
    session.topics().delete(requests);
    measured.add(
        new StateResult(partitions, plan.idleRows(), bytesOnDisk, restored, without, with, end));
  }

  /** Writes idle rows to the changelog of an application that has never run. */
  static void fill(BenchSession session, AppSpec app, int rows) {
    String changelog = TopologyNames.limitsChangelog(app.application());
    session.topics().createChangelog(changelog, app.partitions());
    long lastMillis = System.currentTimeMillis() - IDLE_FOR.toMillis();
    Map<?, ?> unused =
        session
            .load()
            .perform(
                new Task.WriteRows(
                    session.bootstrapServers(), changelog, app.partitions(), rows, lastMillis),
                Map.class,
                session.progress().begin("writing %,d idle rows".formatted(rows)));
    session.progress().end("done");
  }

  private ServeResult restore(BenchSession session, AppSpec app) {
    var progress = session.progress().begin("restoring them, %d partitions".formatted(partitions));
    ServeResult unused =
        session.worker(worker).perform(new Task.Serve(app), ServeResult.class, progress);
    ServeResult restored =
        session.worker(worker).perform(new Task.Stop(), ServeResult.class, progress);
    session
        .progress()
        .end(
            String.format(
                Locale.ROOT,
                "%,d rows in %.1f s",
                restored.stats().restoredRecords(),
                restored.stats().restoreMillis() / 1e3));
    return restored;
  }

  private RunResult traffic(BenchSession session, AppSpec app, String what) {
    RunResult result =
        session
            .worker(worker)
            .perform(
                new Task.Run(app, session.plan().state().requests()),
                RunResult.class,
                session.progress().begin(what));
    session
        .progress()
        .end(
            String.format(
                Locale.ROOT,
                "%,.0f requests/s, longest step %.1f ms, %,d rows expired",
                result.requestsPerSecond(),
                result.longestStepMillis(),
                result.stats().rowsExpired()));
    session.topics().rewind(app.application(), app.requests(), partitions);
    return result;
  }
}
