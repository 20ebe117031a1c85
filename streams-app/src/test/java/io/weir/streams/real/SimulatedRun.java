package io.weir.streams.real;

import io.weir.limiter.Answer;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.RequestEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A run without Kafka, of requests from two partitions: checks, answers and releases meet in an
 * order that chance chooses. Rules change at equal distances, a little later for one partition.
 */
final class SimulatedRun {
  private static final Judge JUDGE = new Judge();
  private static final long START_MILLIS = 1_700_000_000_000L;
  private static final long GAP_MILLIS = 2;
  private static final int PARTITIONS = 2;
  private static final int LAG_REQUESTS = 10;

  private final Expected expected;
  private final RequestSource source;
  private final Random random;
  private final Map<String, Deque<Run.Checked>> checksLeft = new LinkedHashMap<>();
  private final Map<String, Deque<Run.Released>> releasesLeft = new LinkedHashMap<>();
  private final Map<HoldId, Map<Integer, Answer>> joins = new HashMap<>();
  private final Map<String, StoredLimit> rows = new HashMap<>();
  private final List<Run.Asked> requests = new ArrayList<>();
  private final List<Run.Checked> checks = new ArrayList<>();
  private final List<Run.Answered> answers = new ArrayList<>();
  private final List<Run.Released> releases = new ArrayList<>();
  private final List<Run.Decided> decisions = new ArrayList<>();

  private SimulatedRun(Map<Long, RuleSet> rules, RequestSource source, long seed) {
    expected = new Expected(rules);
    this.source = source;
    random = new Random(seed);
  }

  /** So many requests under these rules. */
  static Run of(RuleSet rules, RequestSource source, int requests, long seed) {
    return of(Map.of(0L, rules), source, requests, seed);
  }

  /** So many requests, under these rules one after the other. */
  static Run of(Map<Long, RuleSet> rules, RequestSource source, int requests, long seed) {
    SimulatedRun run = new SimulatedRun(rules, source, seed);
    for (int i = 0; i < requests; i++) {
      int position = Math.max(0, i - i % PARTITIONS * LAG_REQUESTS) * rules.size() / requests;
      run.ask(i, run.expected.revisions().get(position));
      run.step();
      run.step();
    }
    while (run.step()) {}
    return new Run(run.requests, run.checks, run.answers, run.releases, run.decisions, run.rows);
  }

  private void ask(int number, long revision) {
    RequestEvent event = source.request(number, random);
    Run.Asked request =
        new Run.Asked(
            new HoldId(number % PARTITIONS, number), event, START_MILLIS + number * GAP_MILLIS);
    requests.add(request);
    List<Run.Checked> toJudge = expected.checks(request, revision);
    if (toJudge.isEmpty()) {
      decide(event.getRequestId(), expected.withoutLimits(request, revision));
    }
    for (Run.Checked check : toJudge) {
      checks.add(check);
      add(checksLeft, check.identifier(), check);
    }
  }

  private void decide(String requestId, Decision decision) {
    Run.Decided decided = new Run.Decided(requestId, decision);
    decisions.add(decided);
    source.decided(decided);
  }

  /** Takes something that comes next somewhere; whether there was anything. */
  private boolean step() {
    List<Map<String, ? extends Deque<?>>> topics = new ArrayList<>();
    if (!checksLeft.isEmpty()) {
      topics.add(checksLeft);
    }
    if (!releasesLeft.isEmpty()) {
      topics.add(releasesLeft);
    }
    if (topics.isEmpty()) {
      return false;
    }
    if (topics.get(random.nextInt(topics.size())) == checksLeft) {
      judge(takeAny(checksLeft));
    } else {
      Run.Released release = takeAny(releasesLeft);
      for (String key : release.stateKeys()) {
        Optional.ofNullable(rows.get(key))
            .flatMap(row -> row.released(release.id()))
            .ifPresent(row -> rows.put(key, row));
      }
    }
    return true;
  }

  private void judge(Run.Checked checked) {
    if (checked.part().isEmpty()) {
      decide(checked.requestId(), judged(checked));
      return;
    }
    Run.Part part = checked.part().get();
    Answer answer = answer(checked, part);
    answers.add(
        new Run.Answered(
            checked.requestId(), part, checked.rulesRevision(), checked.timestampMillis(), answer));
    Map<Integer, Answer> join = joins.computeIfAbsent(part.id(), id -> new TreeMap<>());
    join.put(part.index(), answer);
    if (join.size() == part.count()) {
      decide(checked, part.id(), List.copyOf(join.values()));
    }
  }

  private Answer answer(Run.Checked checked, Run.Part part) {
    if (!(checked.task() instanceof Run.Task.Charge)) {
      return Answer.holdingNothing(KeyText.of(checked.identifier()), judged(checked));
    }
    Judge.Held held = JUDGE.hold(checked.check(), part.id(), AllOrNothing.BOUNDS, this::row);
    write(held.writes());
    return held.answer();
  }

  private Decision judged(Run.Checked checked) {
    if (checked.task() instanceof Run.Task.Reset) {
      rows.keySet().removeIf(key -> Identifiers.identifierOf(key).equals(checked.identifier()));
      return RowEvents.reset(checked);
    }
    Judgement judgement =
        checked.task() instanceof Run.Task.Refund refund
            ? JUDGE.refund(checked.check(), refund.chargedAtMillis(), this::row)
            : JUDGE.judge(checked.check(), this::row);
    write(judgement.writes());
    return judgement.decision();
  }

  private void write(List<Judgement.Write> writes) {
    writes.forEach(write -> rows.put(write.key().toString(), write.row()));
  }

  private void decide(Run.Checked last, HoldId id, List<Answer> all) {
    Decision decision = AllOrNothing.decision(last, all);
    decide(last.requestId(), decision);
    for (Answer answer : all) {
      if (!decision.isAllowed() && !answer.heldKeys().isEmpty()) {
        Run.Released release = RowEvents.released(id, answer);
        releases.add(release);
        add(releasesLeft, release.identifier(), release);
      }
    }
  }

  private Optional<StoredLimit> row(KeyText stateKey) {
    return Optional.ofNullable(rows.get(stateKey.toString()));
  }

  private static <T> void add(Map<String, Deque<T>> queues, String identifier, T next) {
    queues.computeIfAbsent(identifier, key -> new ArrayDeque<>()).add(next);
  }

  private <T> T takeAny(Map<String, Deque<T>> queues) {
    String identifier = List.copyOf(queues.keySet()).get(random.nextInt(queues.size()));
    Deque<T> queue = queues.getOrDefault(identifier, new ArrayDeque<>());
    T taken = queue.remove();
    if (queue.isEmpty()) {
      queues.remove(identifier);
    }
    return taken;
  }
}
