package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Steps.Step;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
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

/** The verdict, the charges and the waits of several limits together, for any of them. */
class JudgeProperties {
  private static final long START = 1_700_000_000_000L;

  private final Judge judge = new Judge();

  @Property
  void verdictIsTheRuleOverTheLimitsVerdicts(
      @ForAll("limits") List<ApplicableLimit> limits, @ForAll("steps") List<Step> steps) {
    for (Decision decision : decisions(limits, steps)) {
      boolean enforcedRefuses = false;
      int quotas = 0;
      int quotasRefusing = 0;
      for (LimitStatus status : decision.statuses()) {
        boolean refuses = status.verdict() == Verdict.DENY;
        enforcedRefuses |= status.mode() == LimitMode.ENFORCED && refuses;
        quotas += status.mode() == LimitMode.QUOTA ? 1 : 0;
        quotasRefusing += status.mode() == LimitMode.QUOTA && refuses ? 1 : 0;
      }
      boolean expected = !enforcedRefuses && (quotas == 0 || quotasRefusing < quotas);
      assertThat(decision.isAllowed()).isEqualTo(expected);
    }
  }

  @Property
  void denyAndPeekChargeNothingAndAllowChargesExactlyTheLimitsThatAdmit(
      @ForAll("limits") List<ApplicableLimit> limits, @ForAll("steps") List<Step> steps) {
    Map<KeyText, StoredLimit> rows = new HashMap<>();
    long time = START;
    for (Step step : steps) {
      time += step.advanceMillis();
      Judgement judgement = step(limits, rows, time, step.cost());
      List<KeyText> expected = new ArrayList<>();
      if (judgement.decision().isAllowed() && step.cost() > 0) {
        judgement.decision().statuses().stream()
            .filter(status -> status.verdict() == Verdict.ALLOW)
            .forEach(status -> expected.add(status.key()));
      }
      assertThat(judgement.writes())
          .extracting(Judgement.Write::key)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Property
  void waitingExactlySoLongSucceedsAndOneMillisecondLessDoesNot(
      @ForAll("limits") List<ApplicableLimit> limits, @ForAll("steps") List<Step> steps) {
    Map<KeyText, StoredLimit> rows = new HashMap<>();
    long time = START;
    for (Step step : steps) {
      time += step.advanceMillis();
      Decision decision = step(limits, rows, time, step.cost()).decision();
      if (decision.reason() == Reason.OVER_LIMIT) {
        long wait = decision.retryAfterMillis().orElseThrow();
        assertThat(wait).isPositive();
        assertThat(ask(limits, rows, time + wait, step.cost()).isAllowed()).isTrue();
        assertThat(ask(limits, rows, time + wait - 1, step.cost()).isAllowed()).isFalse();
      } else {
        assertThat(decision.retryAfterMillis()).isEmpty();
      }
      if (decision.reason() == Reason.NEVER_FITS) {
        assertThat(ask(limits, rows, time + 1_000_000_000, step.cost()).isAllowed()).isFalse();
      }
    }
  }

  @Property
  void theFirstStatusOfADenialIsTheOneThatIsWaitedFor(
      @ForAll("limits") List<ApplicableLimit> limits, @ForAll("steps") List<Step> steps) {
    for (Decision decision : decisions(limits, steps)) {
      if (!decision.isAllowed()) {
        LimitStatus binding = decision.statuses().get(0);
        assertThat(binding.verdict()).isEqualTo(Verdict.DENY);
        assertThat(binding.mode()).isNotEqualTo(LimitMode.SHADOW);
        assertThat(binding.retryAfterMillis()).isEqualTo(decision.retryAfterMillis());
      }
    }
  }

  private List<Decision> decisions(List<ApplicableLimit> limits, List<Step> steps) {
    Map<KeyText, StoredLimit> rows = new HashMap<>();
    List<Decision> decisions = new ArrayList<>();
    long time = START;
    for (Step step : steps) {
      time += step.advanceMillis();
      decisions.add(step(limits, rows, time, step.cost()).decision());
    }
    return decisions;
  }

  private Judgement step(
      List<ApplicableLimit> limits, Map<KeyText, StoredLimit> rows, long time, long cost) {
    Judgement judgement = judge.judge(check(limits, time, cost), find(rows));
    judgement.writes().forEach(write -> rows.put(write.key(), write.row()));
    return judgement;
  }

  private Decision ask(
      List<ApplicableLimit> limits, Map<KeyText, StoredLimit> rows, long time, long cost) {
    return judge.judge(check(limits, time, cost), find(rows)).decision();
  }

  private static Judge.Rows find(Map<KeyText, StoredLimit> rows) {
    return key -> Optional.ofNullable(rows.get(key));
  }

  private static Check check(List<ApplicableLimit> limits, long time, long cost) {
    return new Check(KeyText.of("api/u=1"), limits, cost, time, 0, 0);
  }

  @Provide
  Arbitrary<List<ApplicableLimit>> limits() {
    return Combinators.combine(Steps.limits(), Arbitraries.of(LimitMode.class))
        .as((each, mode) -> Map.entry(each, mode))
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(
            entries -> {
              List<ApplicableLimit> limits = new ArrayList<>();
              for (Map.Entry<Limit, LimitMode> entry : entries) {
                String name = "limit" + limits.size();
                limits.add(
                    new ApplicableLimit(
                        KeyText.of("api/u=1|#" + name), name, entry.getKey(), entry.getValue()));
              }
              return limits;
            });
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Steps.any();
  }
}
