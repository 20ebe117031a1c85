package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.Reason;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests with several identifiers as a small model: every order in which checks can be judged,
 * answers can meet, releases can land, patience can end and records can come twice is played, by
 * the real steps.
 */
final class AllOrNothingModel {
  static final Judge JUDGE = new Judge();
  private static final long START = 1_000_000;

  /** Requests come so far apart, so that buckets refill meanwhile. */
  private static final long GAP_MILLIS = 400;

  /** One request: what it asks of the limits of its identifiers, and the limit then in force. */
  record Asked(CheckTask task, List<String> identifiers, Limit limit) {

    boolean isCharge() {
      return task instanceof CheckTask.Charge;
    }

    private Optional<Reason> correction() {
      return isCharge()
          ? Optional.empty()
          : Optional.of(task instanceof CheckTask.Reset ? Reason.RESET : Reason.REFUNDED);
    }
  }

  /**
   * What is played.
   *
   * @param timeouts how many joins may run out of patience
   * @param repeats how many checks, answers and releases may come once more, as at-least-once has
   *     it
   */
  record Script(List<Asked> requests, HoldBounds bounds, int timeouts, int repeats) {}

  /** That an identifier's limits judged a request, or did what else it asks for, and when. */
  record Judged(int request, long nowMillis) {}

  private record CheckMessage(int request, int index) {}

  /** Those of one check arrive in the order in which they were given. */
  private record AnswerMessage(int request, int index, int turn, Answer answer) {

    boolean isBefore(AnswerMessage other) {
      return request == other.request && index == other.index && turn < other.turn;
    }
  }

  /**
   * All that can differ between two orders. Immutable.
   *
   * @param order what each identifier's limits did, each request where it last took tokens
   */
  record State(
      Set<CheckMessage> checks,
      Set<AnswerMessage> answers,
      Set<Join.Release> releases,
      Map<Integer, Join> joins,
      Map<String, StoredLimit> rows,
      Map<Integer, Decision> decisions,
      Map<String, List<Judged>> order,
      int timeouts,
      int repeats) {

    State {
      checks = Set.copyOf(checks);
      answers = Set.copyOf(answers);
      releases = Set.copyOf(releases);
      joins = Map.copyOf(joins);
      rows = Map.copyOf(rows);
      decisions = Map.copyOf(decisions);
      order = Map.copyOf(order);
    }

    boolean isEnd() {
      return checks.isEmpty() && answers.isEmpty() && releases.isEmpty();
    }

    Decision decision(int request) {
      return Optional.ofNullable(decisions.get(request)).orElseThrow();
    }

    private State with(Set<CheckMessage> left) {
      return new State(left, answers, releases, joins, rows, decisions, order, timeouts, repeats);
    }

    private State withAnswers(Set<AnswerMessage> left) {
      return new State(checks, left, releases, joins, rows, decisions, order, timeouts, repeats);
    }

    private State withReleases(Set<Join.Release> left) {
      return new State(checks, answers, left, joins, rows, decisions, order, timeouts, repeats);
    }

    private State lessPatient() {
      return new State(
          checks, answers, releases, joins, rows, decisions, order, timeouts - 1, repeats);
    }

    private State lessRepeating() {
      return new State(
          checks, answers, releases, joins, rows, decisions, order, timeouts, repeats - 1);
    }
  }

  private final Script script;

  AllOrNothingModel(Script script) {
    this.script = script;
  }

  /** Every state in which nothing is under way any more. */
  Set<State> ends() {
    Set<CheckMessage> checks = new HashSet<>();
    for (int request = 0; request < script.requests().size(); request++) {
      for (int index = 0; index < asked(request).identifiers().size(); index++) {
        checks.add(new CheckMessage(request, index));
      }
    }
    Deque<State> left = new ArrayDeque<>();
    Set<State> seen = new HashSet<>();
    Set<State> ends = new HashSet<>();
    left.push(
        new State(
            checks,
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            script.timeouts(),
            script.repeats()));
    while (!left.isEmpty()) {
      State state = left.pop();
      if (!seen.add(state)) {
        continue;
      }
      if (state.isEnd()) {
        ends.add(state);
      }
      successors(state).forEach(left::push);
    }
    return ends;
  }

  Asked asked(int request) {
    return script.requests().get(request);
  }

  /** The first request under the limit of that one. */
  int firstUnderTheSameLimit(int request) {
    return script.requests().stream().map(Asked::limit).toList().indexOf(asked(request).limit());
  }

  /** When the request came, by its own time. */
  static long timestampMillis(int request) {
    return START + request * GAP_MILLIS;
  }

  static HoldId id(int request) {
    return new HoldId(0, request);
  }

  static String key(String identifier) {
    return identifier + "|#";
  }

  /** What the request asks of one identifier's limits at a time. */
  Check check(int request, String identifier, long timestampMillis) {
    return new Check(
        KeyText.of(identifier),
        List.of(limit(request, identifier)),
        CheckTasks.cost(asked(request).task()),
        timestampMillis,
        0,
        0);
  }

  private ApplicableLimit limit(int request, String identifier) {
    return new ApplicableLimit(
        KeyText.of(key(identifier)), "rule", asked(request).limit(), LimitMode.ENFORCED);
  }

  /** Does to the rows what the request asks for, in one place and without holds. */
  Decision decide(
      int request, String identifier, long timestampMillis, Map<String, StoredLimit> rows) {
    CheckTask task = asked(request).task();
    if (task instanceof CheckTask.Reset) {
      rows.remove(key(identifier));
      return JUDGE.reset(
          new Match(
              List.of(
                  new Match.IdentifierLimits(
                      KeyText.of(identifier), List.of(limit(request, identifier)))),
              true,
              0),
          timestampMillis,
          0);
    }
    Check check = check(request, identifier, timestampMillis);
    Judgement judgement =
        task instanceof CheckTask.Refund refund
            ? JUDGE.refund(check, refund.chargedAtMillis(), found(rows))
            : JUDGE.judge(check, found(rows));
    judgement.writes().forEach(write -> rows.put(write.key().toString(), write.row()));
    return judgement.decision();
  }

  private static Judge.Rows found(Map<String, StoredLimit> rows) {
    return key -> Optional.ofNullable(rows.get(key.toString()));
  }

  private List<State> successors(State state) {
    List<State> next = new ArrayList<>();
    for (CheckMessage check : state.checks()) {
      State judged = judged(state, check);
      next.add(judged.with(less(state.checks(), check)));
      // One identifier is charged once more: docs say so of at-least-once.
      if (state.repeats() > 0 && asked(check.request()).identifiers().size() > 1) {
        next.add(judged.lessRepeating());
      }
    }
    for (AnswerMessage answer : state.answers()) {
      if (state.answers().stream().anyMatch(other -> other.isBefore(answer))) {
        continue;
      }
      State joined = joined(state, answer);
      next.add(joined.withAnswers(less(state.answers(), answer)));
      if (state.repeats() > 0) {
        next.add(joined.lessRepeating());
      }
    }
    for (Join.Release release : state.releases()) {
      State released = released(state, release);
      next.add(released.withReleases(less(state.releases(), release)));
      if (state.repeats() > 0) {
        next.add(released.lessRepeating());
      }
    }
    if (state.timeouts() > 0) {
      state
          .joins()
          .forEach(
              (request, join) -> {
                if (join.verdict().isEmpty()) {
                  next.add(after(state, request, join.timedOut()).lessPatient());
                }
              });
    }
    return next;
  }

  /** How many records have come once more until now. */
  private int repeated(State state) {
    return script.repeats() - state.repeats();
  }

  private State judged(State state, CheckMessage message) {
    Map<String, StoredLimit> rows = new HashMap<>(state.rows());
    Map<Integer, Decision> decisions = new HashMap<>(state.decisions());
    Set<AnswerMessage> answers = new HashSet<>(state.answers());
    int request = message.request();
    String identifier = asked(request).identifiers().get(message.index());
    long timestampMillis = timestampMillis(request);
    Answer answer;
    if (asked(request).identifiers().size() == 1) {
      Decision decision = decide(request, identifier, timestampMillis, rows);
      decisions.put(request, decision);
      answer = Answer.holdingNothing(KeyText.of(identifier), decision);
    } else {
      if (asked(request).isCharge()) {
        Judge.Held held =
            JUDGE.hold(
                check(request, identifier, timestampMillis),
                id(request),
                script.bounds(),
                found(rows));
        held.writes().forEach(write -> rows.put(write.key().toString(), write.row()));
        answer = held.answer();
      } else {
        answer =
            Answer.holdingNothing(
                KeyText.of(identifier), decide(request, identifier, timestampMillis, rows));
      }
      answers.add(new AnswerMessage(request, message.index(), repeated(state), answer));
    }
    // Refused where it was held before, it stays where it was.
    boolean stays = rows.equals(state.rows()) && wasJudged(state, identifier, request);
    return new State(
        state.checks(),
        answers,
        state.releases(),
        state.joins(),
        rows,
        decisions,
        stays
            ? state.order()
            : with(state.order(), identifier, new Judged(request, answer.nowMillis())),
        state.timeouts(),
        state.repeats());
  }

  private static boolean wasJudged(State state, String identifier, int request) {
    return state.order().getOrDefault(identifier, List.of()).stream()
        .anyMatch(judged -> judged.request() == request);
  }

  private static Map<String, List<Judged>> with(
      Map<String, List<Judged>> order, String identifier, Judged judged) {
    List<Judged> more = new ArrayList<>(order.getOrDefault(identifier, List.of()));
    more.removeIf(earlier -> earlier.request() == judged.request());
    more.add(judged);
    Map<String, List<Judged>> orders = new HashMap<>(order);
    orders.put(identifier, List.copyOf(more));
    return orders;
  }

  private State joined(State state, AnswerMessage message) {
    int request = message.request();
    Join join =
        state
            .joins()
            .getOrDefault(
                request,
                Join.of(
                    new Join.Request(
                        id(request),
                        "r",
                        "api",
                        asked(request).correction(),
                        0,
                        timestampMillis(request),
                        asked(request).identifiers().size(),
                        Optional.empty()),
                    0));
    return after(state, request, join.answered(message.index(), message.answer()));
  }

  private State after(State state, int request, Join.Step step) {
    Map<Integer, Join> joins = new HashMap<>(state.joins());
    if (step.next().isComplete() && script.repeats() == 0) {
      joins.remove(request);
    } else {
      joins.put(request, step.next());
    }
    Map<Integer, Decision> decisions = new HashMap<>(state.decisions());
    step.decision()
        .ifPresent(
            decision -> {
              Decision earlier = decisions.put(request, decision);
              if (earlier != null) {
                assertThat(repeated(state)).as("repeats, where it is decided again").isPositive();
                assertThat(decision.verdict()).isEqualTo(earlier.verdict());
              }
            });
    Set<Join.Release> releases = new HashSet<>(state.releases());
    for (Join.Release release : step.releases()) {
      assertThat(releases.add(release) || repeated(state) > 0).as("released once").isTrue();
    }
    return new State(
        state.checks(),
        state.answers(),
        releases,
        joins,
        state.rows(),
        decisions,
        state.order(),
        state.timeouts(),
        state.repeats());
  }

  private static State released(State state, Join.Release release) {
    Map<String, StoredLimit> rows = new HashMap<>(state.rows());
    for (KeyText each : release.keys()) {
      String key = each.toString();
      Optional.ofNullable(rows.get(key))
          .flatMap(row -> row.released(release.id()))
          .ifPresent(row -> rows.put(key, row));
    }
    return new State(
        state.checks(),
        state.answers(),
        state.releases(),
        state.joins(),
        rows,
        state.decisions(),
        state.order(),
        state.timeouts(),
        state.repeats());
  }

  private static <T> Set<T> less(Set<T> all, T one) {
    Set<T> left = new HashSet<>(all);
    left.remove(one);
    return left;
  }
}
