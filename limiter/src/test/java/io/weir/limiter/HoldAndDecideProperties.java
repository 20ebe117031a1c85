package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Steps.Step;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Identifiers that are asked one by one, each with its own rows, against all of them judged
 * together: one request after the other, both decide alike.
 */
class HoldAndDecideProperties {
  private static final long START = 1_700_000_000_000L;
  private static final HoldBounds BOUNDS = new HoldBounds(Long.MAX_VALUE, Integer.MAX_VALUE);
  private static final List<String> IDENTIFIERS = List.of("api/u=1", "api/i=1", "api/k=1");

  private final Judge judge = new Judge();

  @Property
  void askingEachAndDecidingIsJudgingAllTogether(
      @ForAll("limits") List<ApplicableLimit> limits, @ForAll("steps") List<Step> steps) {
    Map<KeyText, StoredLimit> together = new HashMap<>();
    Map<KeyText, StoredLimit> apart = new HashMap<>();
    long time = START;
    for (int i = 0; i < steps.size(); i++) {
      time += steps.get(i).advanceMillis();
      Check check = check(limits, time, steps.get(i).cost());
      Judgement judgement = judge.judge(check, key -> Optional.ofNullable(together.get(key)));
      judgement.writes().forEach(write -> together.put(write.key(), write.row()));

      Decision decision = decide(apart, limits, time, steps.get(i).cost(), new HoldId(0, i));

      assertThat(decision).isEqualTo(judgement.decision());
      for (ApplicableLimit limit : limits) {
        assertThat(usage(apart, limit, time)).isEqualTo(usage(together, limit, time));
      }
    }
  }

  private Decision decide(
      Map<KeyText, StoredLimit> rows,
      List<ApplicableLimit> limits,
      long time,
      long cost,
      HoldId id) {
    List<Answer> answers = new ArrayList<>();
    for (String identifier : IDENTIFIERS) {
      List<ApplicableLimit> own =
          limits.stream().filter(limit -> limit.stateKey().startsWith(identifier)).toList();
      if (!own.isEmpty()) {
        Judge.Held held =
            judge.hold(
                new Check(KeyText.of(identifier), own, cost, time, 0, 0),
                id,
                BOUNDS,
                key -> Optional.ofNullable(rows.get(key)));
        held.writes().forEach(write -> rows.put(write.key(), write.row()));
        answers.add(held.answer());
      }
    }
    Decision decision = judge.decide(answers, 0, time);
    if (!decision.isAllowed()) {
      for (Answer answer : answers) {
        for (KeyText key : answer.heldKeys()) {
          rows.computeIfPresent(key, (same, row) -> row.released(id).orElseThrow());
        }
      }
    }
    return decision;
  }

  private Object usage(Map<KeyText, StoredLimit> rows, ApplicableLimit limit, long time) {
    return judge.usage(limit.limit(), Optional.ofNullable(rows.get(limit.key())), time);
  }

  private static Check check(List<ApplicableLimit> limits, long time, long cost) {
    String first = limits.get(0).stateKey();
    return new Check(KeyText.of(first.substring(0, first.indexOf('|'))), limits, cost, time, 0, 0);
  }

  /** In the order of their identifiers, as rules give them. */
  @Provide
  Arbitrary<List<ApplicableLimit>> limits() {
    return Combinators.combine(
            Steps.limits(), Arbitraries.of(LimitMode.class), Arbitraries.integers().between(0, 2))
        .as(
            (each, mode, identifier) ->
                new ApplicableLimit(KeyText.of("" + identifier), "", each, mode))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(HoldAndDecideProperties::inOrder);
  }

  private static List<ApplicableLimit> inOrder(List<ApplicableLimit> drawn) {
    List<ApplicableLimit> limits = new ArrayList<>();
    for (int i = 0; i < IDENTIFIERS.size(); i++) {
      for (ApplicableLimit each : drawn) {
        if (each.stateKey().equals("" + i)) {
          String name = "limit" + limits.size();
          limits.add(
              new ApplicableLimit(
                  KeyText.of(IDENTIFIERS.get(i) + "|#" + name), name, each.limit(), each.mode()));
        }
      }
    }
    return limits;
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Steps.any();
  }
}
