package io.weir.benchmarks.redis;

import io.weir.benchmarks.harness.BenchProgress;
import io.weir.streams.cli.dev.EmbeddedFiles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * All competitors of a plan on one Redis: first each is warmed up at each number of callers, then
 * they take turns. While one runs, the others do nothing. Not thread-safe.
 */
public final class RedisBench {
  private static final Competitor[] COMPETITORS = Competitor.values();

  private final Supplier<EmbeddedFiles> files;
  private final RedisPlan plan;

  /**
   * A bench.
   *
   * @param files of Redis; asked for unless the plan has one
   */
  public RedisBench(Supplier<EmbeddedFiles> files, RedisPlan plan) {
    this.files = files;
    this.plan = plan;
  }

  /** How many steps of progress there will be. */
  public int steps() {
    int loops = plan.callers().size() * COMPETITORS.length * (1 + plan.rounds());
    int paces = COMPETITORS.length * (1 + plan.rounds());
    // The start and the keys' memory, too.
    return 1 + loops + 1 + paces;
  }

  /** Runs all of it. What is measured by then stays when it fails. */
  public void run(BenchProgress progress, RedisMeasured measured) {
    var unused = progress.begin("starting Redis and the competitors");
    try (RedisSession session = new RedisSession(files, plan)) {
      measured.server(session.server());
      progress.end(session.server());
      for (int callers : plan.callers()) {
        for (Competitor competitor : COMPETITORS) {
          var ignored =
              loop(session, progress, competitor, callers, plan.warmUpMillis(), 0, "warm-up");
        }
      }
      for (int callers : plan.callers()) {
        measured.add(duel(session, progress, callers));
      }
      weigh(session, progress, measured);
      measured.paced(pace(session, progress));
    }
  }

  private Duel duel(RedisSession session, BenchProgress progress, int callers) {
    Duel duel = new Duel(callers);
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Competitor competitor : inTurn(round)) {
        duel.add(
            competitor,
            loop(session, progress, competitor, callers, plan.runMillis(), round, "round " + round)
                .requireAnswers());
      }
    }
    return duel;
  }

  private LoopResult loop(
      RedisSession session,
      BenchProgress progress,
      Competitor competitor,
      int callers,
      long millis,
      int round,
      String what) {
    LoopResult result =
        session
            .worker(competitor)
            .perform(
                new RedisTask.Loop(callers, millis, plan.seed() + round),
                LoopResult.class,
                progress.begin(competitor.label() + ", callers " + callers + ", " + what));
    progress.end(
        text(
            "%,.0f checks/s, p50 %.0f µs, p99 %.0f µs",
            result.perSecond(), result.p50Micros(), result.p99Micros()));
    return result;
  }

  private void weigh(RedisSession session, BenchProgress progress, RedisMeasured measured) {
    var unused = progress.begin("memory of a key");
    List<String> each = new ArrayList<>();
    for (Competitor competitor : List.of(Competitor.WEIR, Competitor.BUCKET4J)) {
      KeyMemory memory =
          session
              .worker(competitor)
              .perform(new RedisTask.Weigh(session.uri()), KeyMemory.class, share -> {});
      measured.add(competitor, memory);
      each.add(text("%s %d bytes", competitor.label(), memory.bytes()));
    }
    progress.end(String.join(", ", each));
  }

  private Paced pace(RedisSession session, BenchProgress progress) {
    for (Competitor competitor : COMPETITORS) {
      var unused = pace(session, progress, competitor, plan.warmUpMillis(), 0, "warm-up");
    }
    Paced paced = new Paced();
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Competitor competitor : inTurn(round)) {
        paced.add(
            competitor,
            pace(session, progress, competitor, plan.runMillis(), round, "round " + round));
      }
    }
    return paced;
  }

  private PaceResult pace(
      RedisSession session,
      BenchProgress progress,
      Competitor competitor,
      long millis,
      int round,
      String what) {
    PaceResult result =
        session
            .worker(competitor)
            .perform(
                new RedisTask.Pace(plan.perSecond(), millis, plan.seed() + round),
                PaceResult.class,
                progress.begin(
                    text("%s at %,d/s, %s", competitor.label(), plan.perSecond(), what)));
    progress.end(
        text(
            "p50 %.2f ms, p99 %.2f ms, longest %.2f ms",
            result.p50Micros() / 1e3, result.p99Micros() / 1e3, result.maxMicros() / 1e3));
    return result;
  }

  /** Another one begins each round: the next one's turn is when the keys of this one expire. */
  private static List<Competitor> inTurn(int round) {
    List<Competitor> all = new ArrayList<>(List.of(COMPETITORS));
    Collections.rotate(all, 1 - round);
    return all;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
