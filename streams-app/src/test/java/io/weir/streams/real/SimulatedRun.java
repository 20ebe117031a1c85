package io.weir.streams.real;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
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

/** A run without Kafka: checks, answers and releases meet in an order that chance chooses. */
final class SimulatedRun {
  private static final Judge JUDGE = new Judge();
  private static final long START_MILLIS = 1_700_000_000_000L;
  private static final long GAP_MILLIS = 2;

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

  private SimulatedRun(RuleSet rules, RequestSource source, long seed) {
    expected = new Expected(rules);
    this.source = source;
    random = new Random(seed);
  }

  /** So many requests under these rules. */
  static Run of(RuleSet rules, RequestSource source, int requests, long seed) {
    SimulatedRun run = new SimulatedRun(rules, source, seed);
    for (int i = 0; i < requests; i++) {
      run.ask(i);
      run.step();
      run.step();
    }
    while (run.step()) {}
    return new Run(run.requests, run.checks, run.answers, run.releases, run.decisions, run.rows);
  }

  private void ask(int number) {
    RequestEvent event = source.request(number, random);
    Run.Asked request =
        new Run.Asked(new HoldId(0, number), event, START_MILLIS + number * GAP_MILLIS);
    requests.add(request);
    for (Run.Checked check : expected.checks(request)) {
      checks.add(check);
      add(checksLeft, check.check().identifier(), check);
    }
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
        rows.put(key, row(key).flatMap(row -> row.released(release.id())).orElseThrow());
      }
    }
    return true;
  }

  private void judge(Run.Checked checked) {
    Check check = checked.check();
    if (checked.part().isEmpty()) {
      Judgement judgement = JUDGE.judge(check, this::row);
      judgement.writes().forEach(write -> rows.put(write.stateKey(), write.row()));
      decisions.add(new Run.Decided(checked.requestId(), judgement.decision()));
      return;
    }
    Run.Part part = checked.part().orElseThrow();
    Judge.Held held = JUDGE.hold(check, part.id(), AllOrNothing.BOUNDS, this::row);
    held.writes().forEach(write -> rows.put(write.stateKey(), write.row()));
    answers.add(
        new Run.Answered(
            checked.requestId(),
            part,
            check.rulesRevision(),
            check.timestampMillis(),
            held.answer()));
    Map<Integer, Answer> join = joins.computeIfAbsent(part.id(), id -> new HashMap<>());
    join.put(part.index(), held.answer());
    if (join.size() == part.count()) {
      decide(checked, part.id(), List.copyOf(join.values()));
    }
  }

  private void decide(Run.Checked last, HoldId id, List<Answer> all) {
    Decision decision =
        JUDGE.decide(all, last.check().rulesRevision(), last.check().timestampMillis());
    decisions.add(new Run.Decided(last.requestId(), decision));
    for (Answer answer : all) {
      if (!decision.isAllowed() && !answer.heldKeys().isEmpty()) {
        Run.Released release = new Run.Released(id, answer.identifier(), answer.heldKeys());
        releases.add(release);
        add(releasesLeft, answer.identifier(), release);
      }
    }
  }

  private Optional<StoredLimit> row(String stateKey) {
    return Optional.ofNullable(rows.get(stateKey));
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
