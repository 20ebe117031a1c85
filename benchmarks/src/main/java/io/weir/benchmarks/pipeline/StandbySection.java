package io.weir.benchmarks.pipeline;

import io.weir.streams.cli.CommandFailure;
import java.time.Duration;
import java.util.Locale;

/** Kills the instance that decides, and measures how long its partitions have no decisions. */
final class StandbySection implements Part {
  private static final Guarantee GUARANTEE = Guarantee.EXACTLY_ONCE_V2;
  private static final String FIRST = "standby-first";
  private static final String SECOND = "standby-second";
  private static final int PER_SECOND = 500;
  private static final int WARM_UP_MILLIS = 3_000;
  private static final Duration COPY_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  @Override
  public int steps() {
    return 3;
  }

  @Override
  public void run(BenchSession session, Measured measured) throws InterruptedException {
    BenchPlan plan = session.plan();
    String requests = "standby";
    session.topics().create(requests, plan.partitions());
    AppSpec app =
        session.newApp(Candidate.WEIR, requests, RequestShape.KEYED, GUARANTEE, plan.partitions());
    AppSpec first = app.withStandbys(1, app.stateDir() + "-first");
    AppSpec second = app.withStandbys(1, app.stateDir() + "-second");
    session.topics().createFor(app);
    StateSection.fill(session, app, plan.standby().rows());
    copy(session, first, second);
    var progress = session.progress().begin("taking over");
    session
        .load()
        .begin(
            new Task.Load(
                session.bootstrapServers(),
                requests,
                app.topics().decisions(),
                plan.partitions(),
                PER_SECOND,
                WARM_UP_MILLIS,
                plan.standby().millis(),
                plan.seed()));
    Thread.sleep(2L * WARM_UP_MILLIS);
    session.worker(FIRST).kill();
    LoadResult load = session.load().await(LoadResult.class, progress);
    session.end(SECOND);
    double sessionMillis =
        Double.parseDouble(
            String.valueOf(first.streamsProperties().get("consumer.session.timeout.ms")));
    double gapMillis = load.longestGapMillis().stream().max(Double::compare).orElse(0.0);
    session.progress().end(String.format(Locale.ROOT, "%.1f s", gapMillis / 1e3));
    session.topics().deleteAllOf(app.application());
    session.topics().delete(requests);
    measured.add(
        new StandbyResult(
            plan.standby().rows(), sessionMillis, gapMillis, gapMillis - sessionMillis, load));
  }

  private static ServeResult watch(BenchSession session) {
    return session.worker(SECOND).perform(new Task.Watch(), ServeResult.class, share -> {});
  }

  /** Starts both, and waits until the second one has a copy of everything. */
  private static void copy(BenchSession session, AppSpec first, AppSpec second)
      throws InterruptedException {
    var progress = session.progress().begin("restoring them, twice");
    ServeResult active =
        session.worker(FIRST).perform(new Task.Serve(first), ServeResult.class, progress);
    session.worker(SECOND).perform(new Task.Serve(second), ServeResult.class, progress);
    long deadline = System.nanoTime() + COPY_TIMEOUT.toNanos();
    ServeResult copy = watch(session);
    // The marker of its last transaction ends a changelog; a copy does not count it as read.
    while (copy.copies() < active.copies() || copy.lag() > copy.copies()) {
      if (System.nanoTime() - deadline > 0) {
        throw new CommandFailure(
            "after %d min the standby had %d of %d copies of state, which lacked %,d records"
                .formatted(COPY_TIMEOUT.toMinutes(), copy.copies(), active.copies(), copy.lag()));
      }
      Thread.sleep(BETWEEN_LOOKS.toMillis());
      copy = watch(session);
    }
    session.progress().end("done");
  }
}
