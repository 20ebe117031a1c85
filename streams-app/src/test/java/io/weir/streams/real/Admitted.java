package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.tck.ExactReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Holds the requests that were allowed against the words of the algorithms: by themselves, without
 * those that were denied, they must fit every limit that they were charged to, at the times they
 * were judged at. It shares nothing with Weir's judge.
 */
final class Admitted {
  private final Map<String, List<Check>> byIdentifier = new HashMap<>();

  /**
   * Those that were allowed.
   *
   * @param checks of all requests
   */
  Admitted(
      Map<String, List<Run.Checked>> checks,
      Map<Run.Part, Run.Answered> answers,
      Map<String, Decision> decisions) {
    checks.forEach(
        (requestId, all) -> {
          Decision decision = Objects.requireNonNull(decisions.get(requestId));
          for (Run.Checked checked : all) {
            if (decision.isAllowed() && checked.check().cost() > 0) {
              checked
                  .part()
                  .map(answers::get)
                  .ifPresentOrElse(
                      answer -> add(checked.check(), answer.answer()),
                      () -> add(checked.check(), decision.statuses(), decision.nowMillis()));
            }
          }
        });
  }

  private void add(Check check, Answer answer) {
    add(
        check,
        answer.limits().stream().map(Answer.LimitAnswer::status).toList(),
        answer.nowMillis());
  }

  /** Exhausted shadow and quota limits were not charged; of those that were, none is excused. */
  private void add(Check check, List<LimitStatus> statuses, long nowMillis) {
    List<ApplicableLimit> charged =
        statuses.stream()
            .filter(status -> status.verdict() == Verdict.ALLOW)
            .map(
                status ->
                    new ApplicableLimit(
                        status.stateKey(), status.rule(), status.limit(), LimitMode.ENFORCED))
            .toList();
    if (!charged.isEmpty()) {
      byIdentifier
          .computeIfAbsent(check.identifier(), key -> new ArrayList<>())
          .add(
              new Check(
                  check.identifier(), charged, check.cost(), nowMillis, 0, check.rulesRevision()));
    }
  }

  /** Fails where an identifier is over a limit. At one time, any order comes to the same. */
  void assertFits() {
    byIdentifier.forEach(
        (identifier, admitted) -> {
          ExactReference exact = new ExactReference();
          admitted.sort(Comparator.comparingLong(Check::timestampMillis));
          for (Check check : admitted) {
            assertThat(exact.judge(check).verdict())
                .as("%s is within its limits at %s", identifier, check)
                .isEqualTo(Verdict.ALLOW);
          }
        });
  }
}
