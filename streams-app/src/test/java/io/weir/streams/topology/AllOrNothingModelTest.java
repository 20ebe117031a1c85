package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.LimitMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests with several identifiers as a small model: every order in which checks can be judged,
 * answers can meet, releases can land and patience can end is played, by the real steps. In each of
 * them every request has one decision, whoever was denied holds nothing in the end, and what was
 * allowed fits the limits by itself.
 */
class AllOrNothingModelTest {
  private static final Judge JUDGE = new Judge();
  private static final HoldBounds BOUNDS = new HoldBounds(1_000_000, 100);
  private static final long START = 1_000_000;

  /** Requests come so far apart, so that buckets refill meanwhile. */
  private static final long GAP_MILLIS = 400;

  /** Which identifiers each request has, and what it costs. */
  private record Script(List<List<String>> identifiers, List<Long> costs) {}

  private record CheckMessage(int request, int index) {}

  /** That an identifier's limits judged a request, and when. */
  private record Judged(int request, long nowMillis) {}

  private record AnswerMessage(int request, int index, Answer answer) {}

  /** All that can differ between two orders. Immutable. */
  private record State(
      Set<CheckMessage> checks,
      Set<AnswerMessage> answers,
      Set<Join.Release> releases,
      Map<Integer, Join> joins,
      Map<String, StoredLimit> rows,
      Map<Integer, Decision> decisions,
      Map<String, List<Judged>> order,
      int timeouts) {

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
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token_bucket",
        "leaky_bucket",
        "fixed_window",
        "sliding_window_log",
        "sliding_window_counter"
      })
  void noOrderOfEventsAdmitsTooMuchOrLeavesAHold(String algorithm) {
    explore(algorithm, script(2, List.of(List.of("u", "i"), List.of("u", "i"))), 1);
    explore(algorithm, script(2, List.of(List.of("u", "i"), List.of("i", "u"))), 1);
    explore(algorithm, script(1, List.of(List.of("u", "i"), List.of("u"), List.of("i", "u"))), 1);
    explore(
        algorithm, script(2, List.of(List.of("u", "i"), List.of("i", "k"), List.of("k", "u"))), 0);
    explore(algorithm, script(1, List.of(List.of("u", "i", "k"), List.of("u", "i", "k"))), 1);
  }

  private static Script script(long cost, List<List<String>> identifiers) {
    return new Script(identifiers, identifiers.stream().map(each -> cost).toList());
  }

  private static void explore(String algorithm, Script script, int timeouts) {
    Algorithm<?> judging = Algorithms.standard().find(algorithm).orElseThrow();
    // Of two requests in a row that come to the same identifier, not both fit.
    Limit limit = new Limit(judging, 2, 1_000, 2);
    Set<CheckMessage> checks = new HashSet<>();
    for (int request = 0; request < script.identifiers().size(); request++) {
      for (int index = 0; index < script.identifiers().get(request).size(); index++) {
        checks.add(new CheckMessage(request, index));
      }
    }
    Deque<State> left = new ArrayDeque<>();
    Set<State> seen = new HashSet<>();
    left.push(
        new State(checks, Set.of(), Set.of(), Map.of(), Map.of(), Map.of(), Map.of(), timeouts));
    int ends = 0;
    int denied = 0;
    while (!left.isEmpty()) {
      State state = left.pop();
      if (!seen.add(state)) {
        continue;
      }
      if (state.isEnd()) {
        assertEnd(state, script, limit);
        ends++;
        denied += state.decisions().values().stream().allMatch(Decision::isAllowed) ? 0 : 1;
      }
      successors(state, script, limit).forEach(left::push);
    }
    assertThat(ends).isPositive();
    assertThat(denied).as("ends with a denial").isPositive();
  }

  private static List<State> successors(State state, Script script, Limit limit) {
    List<State> next = new ArrayList<>();
    state.checks().forEach(check -> next.add(judged(state, check, script, limit)));
    state.answers().forEach(answer -> next.add(joined(state, answer, script)));
    state.releases().forEach(release -> next.add(released(state, release)));
    if (state.timeouts() > 0) {
      state
          .joins()
          .forEach(
              (request, join) -> {
                if (join.verdict().isEmpty()) {
                  next.add(timedOut(state, request, join));
                }
              });
    }
    return next;
  }

  private static State judged(State state, CheckMessage message, Script script, Limit limit) {
    Map<String, StoredLimit> rows = new HashMap<>(state.rows());
    Map<Integer, Decision> decisions = new HashMap<>(state.decisions());
    Set<AnswerMessage> answers = new HashSet<>(state.answers());
    String identifier = script.identifiers().get(message.request()).get(message.index());
    Check check =
        check(message.request(), identifier, timestampMillis(message.request()), script, limit);
    long nowMillis;
    List<Judgement.Write> writes;
    if (script.identifiers().get(message.request()).size() == 1) {
      Judgement judgement = JUDGE.judge(check, key -> Optional.ofNullable(rows.get(key)));
      decisions.put(message.request(), judgement.decision());
      nowMillis = judgement.decision().nowMillis();
      writes = judgement.writes();
    } else {
      Judge.Held held =
          JUDGE.hold(
              check, id(message.request()), BOUNDS, key -> Optional.ofNullable(rows.get(key)));
      answers.add(new AnswerMessage(message.request(), message.index(), held.answer()));
      nowMillis = held.answer().nowMillis();
      writes = held.writes();
    }
    writes.forEach(write -> rows.put(write.stateKey(), write.row()));
    return new State(
        less(state.checks(), message),
        answers,
        state.releases(),
        state.joins(),
        rows,
        decisions,
        with(state.order(), identifier, new Judged(message.request(), nowMillis)),
        state.timeouts());
  }

  private static Map<String, List<Judged>> with(
      Map<String, List<Judged>> order, String identifier, Judged judged) {
    List<Judged> more = new ArrayList<>(order.getOrDefault(identifier, List.of()));
    more.add(judged);
    Map<String, List<Judged>> orders = new HashMap<>(order);
    orders.put(identifier, List.copyOf(more));
    return orders;
  }

  private static State joined(State state, AnswerMessage message, Script script) {
    int count = script.identifiers().get(message.request()).size();
    Join join =
        state
            .joins()
            .getOrDefault(
                message.request(),
                Join.of(
                    new Join.Request(
                        id(message.request()),
                        "r",
                        "api",
                        Optional.empty(),
                        0,
                        timestampMillis(message.request()),
                        count,
                        Optional.empty()),
                    0));
    return after(
        state,
        less(state.answers(), message),
        message.request(),
        join.answered(message.index(), message.answer()),
        state.timeouts());
  }

  private static State timedOut(State state, int request, Join join) {
    return after(state, state.answers(), request, join.timedOut(), state.timeouts() - 1);
  }

  private static State after(
      State state, Set<AnswerMessage> answers, int request, Join.Step step, int timeouts) {
    Map<Integer, Join> joins = new HashMap<>(state.joins());
    if (step.next().isComplete()) {
      joins.remove(request);
    } else {
      joins.put(request, step.next());
    }
    Map<Integer, Decision> decisions = new HashMap<>(state.decisions());
    step.decision()
        .ifPresent(
            decision ->
                assertThat(decisions.put(request, decision)).as("an earlier decision").isNull());
    Set<Join.Release> releases = new HashSet<>(state.releases());
    for (Join.Release release : step.releases()) {
      assertThat(releases.add(release)).as("released once").isTrue();
    }
    return new State(
        state.checks(), answers, releases, joins, state.rows(), decisions, state.order(), timeouts);
  }

  private static State released(State state, Join.Release release) {
    Map<String, StoredLimit> rows = new HashMap<>(state.rows());
    for (String key : release.stateKeys()) {
      StoredLimit row = Objects.requireNonNull(rows.get(key));
      rows.put(key, row.released(release.id()).orElseThrow());
    }
    return new State(
        state.checks(),
        state.answers(),
        less(state.releases(), release),
        state.joins(),
        rows,
        state.decisions(),
        state.order(),
        state.timeouts());
  }

  private static void assertEnd(State state, Script script, Limit limit) {
    assertThat(state.joins()).as("joins that wait for ever").isEmpty();
    assertThat(state.decisions()).hasSize(script.identifiers().size());
    state
        .order()
        .forEach(
            (identifier, judged) -> {
              Map<String, StoredLimit> alone = new TreeMap<>();
              for (Judged each : judged) {
                if (decision(state, each.request()).isAllowed()) {
                  Judgement judgement =
                      JUDGE.judge(
                          check(each.request(), identifier, each.nowMillis(), script, limit),
                          key -> Optional.ofNullable(alone.get(key)));
                  assertThat(judgement.decision().isAllowed())
                      .as("%s admits %s beside those allowed before", identifier, each)
                      .isTrue();
                  judgement.writes().forEach(write -> alone.put(write.stateKey(), write.row()));
                }
              }
              assertHoldsNothingOfTheDenied(state, identifier, judged);
              assertLeavesWhatWasAllowed(state, identifier, alone, limit);
            });
  }

  private static void assertHoldsNothingOfTheDenied(
      State state, String identifier, List<Judged> judged) {
    StoredLimit row = state.rows().get(key(identifier));
    for (Judged each : judged) {
      if (row != null && !decision(state, each.request()).isAllowed()) {
        assertThat(row.isHolding(id(each.request()))).isFalse();
      }
    }
  }

  /** Exactly; but the leaky bucket may lose a slot, and never gains one. */
  private static void assertLeavesWhatWasAllowed(
      State state, String identifier, Map<String, StoredLimit> alone, Limit limit) {
    long now = timestampMillis(state.decisions().size());
    Optional<StoredLimit> row = Optional.ofNullable(state.rows().get(key(identifier)));
    long left = JUDGE.usage(limit, row, now).remaining();
    long expected =
        JUDGE.usage(limit, Optional.ofNullable(alone.get(key(identifier))), now).remaining();
    if (limit.algorithm().name().equals("leaky_bucket")) {
      assertThat(left).isLessThanOrEqualTo(expected);
    } else {
      assertThat(left).isEqualTo(expected);
    }
  }

  private static Decision decision(State state, int request) {
    return Optional.ofNullable(state.decisions().get(request)).orElseThrow();
  }

  private static Check check(
      int request, String identifier, long timestampMillis, Script script, Limit limit) {
    return new Check(
        identifier,
        List.of(new ApplicableLimit(key(identifier), "rule", limit, LimitMode.ENFORCED)),
        script.costs().get(request),
        timestampMillis,
        0,
        0);
  }

  private static long timestampMillis(int request) {
    return START + request * GAP_MILLIS;
  }

  private static String key(String identifier) {
    return identifier + "|#";
  }

  private static HoldId id(int request) {
    return new HoldId(0, request);
  }

  private static <T> Set<T> less(Set<T> all, T one) {
    Set<T> left = new HashSet<>(all);
    left.remove(one);
    return left;
  }
}
