package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.Reason;
import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.streams.topology.AllOrNothingModel.Asked;
import io.weir.streams.topology.AllOrNothingModel.Judged;
import io.weir.streams.topology.AllOrNothingModel.Script;
import io.weir.streams.topology.AllOrNothingModel.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * In every order of the model every request has one decision, whoever was denied holds nothing in
 * the end, and what was allowed fits the limits by itself.
 */
class AllOrNothingModelTest {
  /** Nothing is held for good before its request is decided. */
  private static final HoldBounds LONG = new HoldBounds(1_000_000, 100);

  private static final List<String> UI = List.of("u", "i");

  /** How much is left in the end, against where nothing but what was allowed had ever come. */
  private enum Left {
    /** Exactly as much; but the leaky bucket may lose a slot, and never gains one. */
    ALL,
    /** No more. */
    NO_MORE
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void noOrderAdmitsTooMuchOrLeavesAHold(String algorithm) {
    Limit two = limit(algorithm, 2);
    List<List<Asked>> scripts =
        List.of(
            List.of(charge(2, UI, two), charge(2, UI, two)),
            List.of(charge(2, UI, two), charge(2, List.of("i", "u"), two)),
            List.of(
                charge(1, UI, two),
                charge(1, List.of("u"), two),
                charge(1, List.of("i", "u"), two)),
            List.of(
                charge(2, List.of("u", "i", "k"), two), charge(2, List.of("u", "i", "k"), two)));
    scripts.forEach(script -> assertDenied(assertEnds(new Script(script, LONG, 1, 0), Left.ALL)));
    List<Asked> circle =
        List.of(
            charge(2, UI, two),
            charge(2, List.of("i", "k"), two),
            charge(2, List.of("k", "u"), two));
    assertDenied(assertEnds(new Script(circle, LONG, 0, 0), Left.ALL));
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void whatComesTwiceIsNeverDecidedOtherwiseAndLeavesNoHold(String algorithm) {
    Limit two = limit(algorithm, 2);
    List<Asked> script = List.of(charge(2, UI, two), charge(2, List.of("i", "u"), two));
    assertDenied(assertEnds(new Script(script, LONG, 0, 2), Left.ALL));
    assertDenied(assertEnds(new Script(script, LONG, 1, 1), Left.ALL));
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void holdsThatEndByAgeOrByNumberAreCharged(String algorithm) {
    Limit two = limit(algorithm, 2);
    List<Asked> script =
        List.of(charge(1, UI, two), charge(1, UI, two), charge(1, List.of("i", "u"), two));
    for (HoldBounds bounds : List.of(new HoldBounds(1_000_000, 1), new HoldBounds(1, 100))) {
      assertDenied(assertEnds(new Script(script, bounds, 0, 0), Left.NO_MORE));
    }
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void rulesMayChangeWhileTokensAreHeld(String algorithm) {
    for (long requests : new long[] {1, 3}) {
      Limit before = limit(algorithm, 2);
      Limit after = limit(algorithm, requests);
      List<Asked> script =
          List.of(charge(1, UI, before), charge(1, UI, after), charge(1, List.of("i", "u"), after));
      assertDenied(assertEnds(new Script(script, LONG, 1, 0), Left.NO_MORE));
    }
    for (long periodMillis : new long[] {300, 3_000}) {
      Limit before = limit(algorithm, 2, periodMillis);
      Limit after = limit(algorithm, 2, 3_300 - periodMillis);
      List<Asked> script =
          List.of(
              charge(1, UI, before), charge(1, UI, before), charge(1, List.of("i", "u"), after));
      assertEnds(new Script(script, LONG, 1, 0), Left.NO_MORE);
    }
    Limit other = limit(algorithm.equals("token_bucket") ? "fixed_window" : "token_bucket", 2);
    List<Asked> script =
        List.of(charge(2, UI, limit(algorithm, 2)), charge(2, UI, other), charge(2, UI, other));
    assertDenied(assertEnds(new Script(script, LONG, 0, 0), Left.NO_MORE));
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void refundsAndResetsMeetHolds(String algorithm) {
    Limit two = limit(algorithm, 2);
    CheckTask refund = new CheckTask.Refund(1, AllOrNothingModel.timestampMillis(0));
    for (CheckTask correction : List.of(refund, new CheckTask.Reset())) {
      List<Asked> script =
          List.of(
              charge(2, UI, two),
              new Asked(correction, UI, two),
              charge(2, List.of("i", "u"), two));
      assertDenied(assertEnds(new Script(script, LONG, 1, 0), Left.NO_MORE));
    }
  }

  private static Set<String> algorithms() {
    return Algorithms.standard().names();
  }

  private static Limit limit(String algorithm, long requests) {
    return limit(algorithm, requests, 1_000);
  }

  private static Limit limit(String algorithm, long requests, long periodMillis) {
    Algorithm<?> judging = Algorithms.standard().find(algorithm).orElseThrow();
    return new Limit(judging, requests, periodMillis, requests);
  }

  private static Asked charge(long cost, List<String> identifiers, Limit limit) {
    return new Asked(new CheckTask.Charge(cost), identifiers, limit);
  }

  private static Set<State> assertEnds(Script script, Left left) {
    AllOrNothingModel model = new AllOrNothingModel(script);
    Set<State> ends = model.ends();
    assertThat(ends).isNotEmpty();
    ends.forEach(end -> assertEnd(model, script, end, left));
    return ends;
  }

  /** Not only by time-out. */
  private static void assertDenied(Set<State> ends) {
    assertThat(ends)
        .as("ends with a denial")
        .anyMatch(
            end ->
                end.decisions().values().stream()
                    .anyMatch(decision -> decision.reason() == Reason.OVER_LIMIT));
  }

  private static void assertEnd(AllOrNothingModel model, Script script, State end, Left left) {
    assertThat(end.joins().values()).as("joins that wait").allMatch(Join::isComplete);
    assertThat(end.decisions()).hasSize(script.requests().size());
    end.order()
        .forEach(
            (identifier, judged) -> {
              assertHoldsNothingOfTheDenied(end, identifier, judged);
              Map<String, StoredLimit> alone = allowedAlone(model, end, identifier, judged);
              if (isInOrderOfRules(model, judged)) {
                assertLeft(model, end, identifier, alone, left);
              }
            });
  }

  /**
   * Whether nothing was judged by rules that were in force before others that had judged already.
   * Then a row is left under the numbers that the last one, allowed or not, brought it to.
   */
  private static boolean isInOrderOfRules(AllOrNothingModel model, List<Judged> judged) {
    List<Integer> changes =
        judged.stream().map(each -> model.firstUnderTheSameLimit(each.request())).toList();
    return changes.stream().sorted().toList().equals(changes);
  }

  /** The rows after nothing but what was allowed or corrected, which must fit. */
  private static Map<String, StoredLimit> allowedAlone(
      AllOrNothingModel model, State end, String identifier, List<Judged> judged) {
    Map<String, StoredLimit> alone = new HashMap<>();
    for (Judged each : judged) {
      boolean isCharge = model.asked(each.request()).isCharge();
      if (!isCharge || end.decision(each.request()).isAllowed()) {
        Decision decision = model.decide(each.request(), identifier, each.nowMillis(), alone);
        assertThat(decision.isAllowed())
            .as("%s admits %s beside those allowed before", identifier, each)
            .isTrue();
      }
    }
    return alone;
  }

  private static void assertHoldsNothingOfTheDenied(
      State end, String identifier, List<Judged> judged) {
    Stream<Judged> denied = judged.stream().filter(it -> !end.decision(it.request()).isAllowed());
    Optional<StoredLimit> row =
        Optional.ofNullable(end.rows().get(AllOrNothingModel.key(identifier)));
    assertThat(denied)
        .noneMatch(
            it ->
                row.filter(held -> held.isHolding(AllOrNothingModel.id(it.request()))).isPresent());
  }

  private static void assertLeft(
      AllOrNothingModel model,
      State end,
      String identifier,
      Map<String, StoredLimit> alone,
      Left wanted) {
    int last = end.decisions().size();
    Limit limit = model.asked(last - 1).limit();
    long left = remaining(limit, end.rows(), identifier, last);
    long expected = remaining(limit, alone, identifier, last);
    if (wanted == Left.NO_MORE || limit.algorithm().name().equals("leaky_bucket")) {
      assertThat(left).isLessThanOrEqualTo(expected);
    } else {
      assertThat(left).isEqualTo(expected);
    }
  }

  private static long remaining(
      Limit limit, Map<String, StoredLimit> rows, String identifier, int request) {
    Optional<StoredLimit> row = Optional.ofNullable(rows.get(AllOrNothingModel.key(identifier)));
    return AllOrNothingModel.JUDGE
        .usage(limit, row, AllOrNothingModel.timestampMillis(request))
        .remaining();
  }
}
