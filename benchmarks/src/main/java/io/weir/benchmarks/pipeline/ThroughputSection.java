package io.weir.benchmarks.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;

/** Runs the candidates in turn over the same requests. */
final class ThroughputSection implements Part {
  private static final List<Candidate> BOTH_ENDS = List.of(Candidate.PASS_THROUGH, Candidate.WEIR);

  private static final double HARDLY_FASTER = 1.05;

  private final RequestShape shape;
  private final BenchPlan.Throughput plan;
  private final List<Candidate> candidates;
  private final List<KeySpread> spreads;
  private final int requests;

  /** The section of a shape. */
  ThroughputSection(RequestShape shape, BenchPlan.Throughput plan) {
    this.shape = shape;
    this.plan = plan;
    boolean isHeadline = shape == RequestShape.KEYED;
    this.candidates = isHeadline ? List.copyOf(plan.candidates()) : BOTH_ENDS;
    this.spreads = isHeadline ? List.of(KeySpread.values()) : List.of(KeySpread.UNIFORM);
    // What takes more records for each takes no longer.
    this.requests = Math.max(1, plan.requests() / shape.recordsPerRequest(Candidate.WEIR));
  }

  @Override
  public int steps() {
    return candidates.size()
        * (warmUps() + Guarantee.values().length * spreads.size() * plan.rounds());
  }

  private int warmUps() {
    return plan.warmUpMillis() == 0 ? 0 : 1;
  }

  @Override
  public void run(BenchSession session, Measured measured) {
    for (KeySpread spread : spreads) {
      session.requests(shape, spread, requests);
    }
    if (warmUps() > 0) {
      candidates.forEach(candidate -> warmUp(session, candidate));
    }
    for (Guarantee guarantee : Guarantee.values()) {
      for (KeySpread spread : spreads) {
        Comparison comparison = new Comparison(shape, guarantee, spread);
        for (int round = 1; round <= plan.rounds(); round++) {
          for (Candidate candidate : candidates) {
            comparison.add(candidate, counting(session, candidate, guarantee, spread, round));
          }
        }
        measured.add(comparison);
      }
    }
  }

  /**
   * Until a run is hardly faster than those before, or it has taken long enough. Each worker lives
   * on, and what it compiles stays.
   */
  void warmUp(BenchSession session, Candidate candidate) {
    session.requests(shape, KeySpread.UNIFORM, requests);
    DoubleConsumer progress =
        session.progress().begin("%s, %s, warming up".formatted(shape.label(), candidate.label()));
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(plan.warmUpMillis());
    double best = 0;
    double last = 0;
    int runs = 0;
    do {
      best = Math.max(best, last);
      last =
          one(session, candidate, Guarantee.EXACTLY_ONCE_V2, KeySpread.UNIFORM, progress)
              .requestsPerSecond();
      runs++;
    } while (last > best * HARDLY_FASTER && System.nanoTime() - deadline < 0);
    session.progress().end("%d runs".formatted(runs));
  }

  private RunResult counting(
      BenchSession session, Candidate candidate, Guarantee guarantee, KeySpread spread, int round) {
    DoubleConsumer progress =
        session
            .progress()
            .begin(
                "%s %s %s, %s, run %d"
                    .formatted(
                        shape.label(),
                        guarantee.setting(),
                        spread.label(),
                        candidate.label(),
                        round));
    RunResult result = one(session, candidate, guarantee, spread, progress);
    session
        .progress()
        .end(String.format(Locale.ROOT, "%,.0f requests/s", result.requestsPerSecond()));
    return result;
  }

  private RunResult one(
      BenchSession session,
      Candidate candidate,
      Guarantee guarantee,
      KeySpread spread,
      DoubleConsumer progress) {
    String topic = session.requests(shape, spread, requests);
    AppSpec app = session.newApp(candidate, topic, shape, guarantee, session.plan().partitions());
    session.topics().createFor(app);
    RunResult result =
        session
            .worker(candidate.label())
            .perform(new Task.Run(app, requests), RunResult.class, progress);
    session.topics().deleteAllOf(app.application());
    requireAllDecided(candidate, result);
    return result;
  }

  private static void requireAllDecided(Candidate candidate, RunResult result) {
    long decided = result.stats().decisionsSent();
    long allowed = candidate.judges() ? result.stats().allowed() : decided;
    if (decided < result.requests() || allowed < result.requests()) {
      throw new IllegalStateException(
          "of %d requests %s decided %d and allowed %d: it did not do the work"
              .formatted(result.requests(), candidate.label(), decided, allowed));
    }
  }
}
