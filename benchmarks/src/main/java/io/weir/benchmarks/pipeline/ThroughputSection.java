package io.weir.benchmarks.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs the candidates in turn over the same requests. */
final class ThroughputSection {
  private static final List<Candidate> BOTH_ENDS = List.of(Candidate.PASS_THROUGH, Candidate.WEIR);

  private final RequestShape shape;
  private final List<Candidate> candidates;
  private final int rounds;

  /** A section of so many rounds. */
  ThroughputSection(RequestShape shape, int rounds) {
    this.shape = shape;
    this.rounds = rounds;
    this.candidates = shape == RequestShape.KEYED ? List.of(Candidate.values()) : BOTH_ENDS;
  }

  /** How many runs there will be. */
  int steps() {
    return candidates.size() * (1 + Guarantee.values().length * KeySpread.values().length * rounds);
  }

  /** Runs all of it. */
  List<Comparison> run(BenchSession session) {
    // Once for each worker, which lives on: what it compiles stays.
    for (Candidate candidate : candidates) {
      one(session, candidate, Guarantee.EXACTLY_ONCE_V2, KeySpread.UNIFORM, "warm-up");
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (Guarantee guarantee : Guarantee.values()) {
      for (KeySpread spread : KeySpread.values()) {
        Comparison comparison = new Comparison(shape, guarantee, spread);
        for (int round = 1; round <= rounds; round++) {
          for (Candidate candidate : candidates) {
            comparison.add(candidate, one(session, candidate, guarantee, spread, "run " + round));
          }
        }
        comparisons.add(comparison);
      }
    }
    return comparisons;
  }

  private RunResult one(
      BenchSession session,
      Candidate candidate,
      Guarantee guarantee,
      KeySpread spread,
      String run) {
    String requests = session.requests(shape, spread);
    AppSpec app =
        session.newApp(candidate, requests, shape, guarantee, session.plan().partitions());
    session.topics().createFor(app);
    RunResult result =
        session
            .worker(candidate.label())
            .perform(
                new Task.Run(app, session.plan().requests()),
                RunResult.class,
                session
                    .progress()
                    .begin(
                        "%s %s %s, %s, %s"
                            .formatted(
                                shape.label(),
                                guarantee.setting(),
                                spread.label(),
                                candidate.label(),
                                run)));
    session
        .progress()
        .end(String.format(Locale.ROOT, "%,.0f requests/s", result.requestsPerSecond()));
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
