package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.tck.ExactReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Holds the requests that were allowed against the words of the algorithms: by themselves, without
 * those that were denied, they must fit every limit that they were charged to, at the times they
 * were judged at. It shares nothing with Weir's judge.
 *
 * <p>A reset begins everything afresh. A refund makes room for what it gives back. Where a limit's
 * row has other numbers than before, of which the words say nothing, a new stretch begins: each
 * stretch must fit its limit from nothing, as what is carried over leaves less room, never more.
 *
 * <p>A refund of what was not charged, as of an exhausted shadow limit, can take what is held for a
 * request that is denied later, and its release then gives the same back to others. That much more
 * may be admitted; from such a release on, a new stretch begins, too.
 */
final class Admitted {
  private final Map<Run.Part, Run.Answered> answers;
  private final Map<String, Decision> decisions;

  /** Those that were allowed. */
  Admitted(Map<Run.Part, Run.Answered> answers, Map<String, Decision> decisions) {
    this.answers = answers;
    this.decisions = decisions;
  }

  /**
   * Fails where an identifier is over a limit.
   *
   * @param steps all of the identifier, in their order
   */
  void assertFits(List<? extends Run.Step> steps) {
    OneIdentifier identifier = new OneIdentifier();
    for (Run.Step step : steps) {
      if (step instanceof Run.Checked checked) {
        identifier.take(checked);
      } else if (step instanceof Run.Released released) {
        identifier.release(released);
      }
    }
  }

  /** What is known of the row of a limit. */
  private static final class Row {
    Limit limit;
    int stretch;
    long lastMillis;
    boolean isLastAllowed;

    /** When it was held for requests that are denied, until it is released. */
    final Map<HoldId, Long> deniedMillis = new HashMap<>();

    /** Those of them that may have been refunded. */
    final Set<HoldId> refunded = new HashSet<>();

    Row(Limit limit) {
      this.limit = limit;
    }

    void write(Limit under, long nowMillis, boolean isAllowed) {
      if (!under.equals(limit)) { // All holds are for good.
        deniedMillis.clear();
        refunded.clear();
        limit = under;
        stretch++;
      }
      lastMillis = nowMillis;
      isLastAllowed = isAllowed;
    }

    void refund(long chargedAtMillis) {
      switch (limit.algorithm().name()) {
        case "token_bucket" -> {} // Its holds know what was refunded.
        case "leaky_bucket" -> {
          if (!isLastAllowed && lastMillis == chargedAtMillis) {
            stretch++; // Of who came last, whom the allowed ones know nothing of.
          }
        }
        case "sliding_window_log" -> refund(chargedAtMillis, 1);
        default -> refund(chargedAtMillis, limit.periodMillis());
      }
    }

    private void refund(long chargedAtMillis, long windowMillis) {
      deniedMillis.forEach(
          (id, millis) -> {
            if (millis / windowMillis == chargedAtMillis / windowMillis) {
              refunded.add(id);
            }
          });
    }

    void release(HoldId id) {
      deniedMillis.remove(id);
      if (refunded.remove(id)) {
        stretch++;
        // It may have given back what others hold, whose releases then do the same.
        refunded.addAll(deniedMillis.keySet());
      }
    }

    /** The limit, under a name that tells this stretch from others. None is excused. */
    ApplicableLimit applicable(String stateKey, String rule) {
      return new ApplicableLimit(
          KeyText.of(stateKey + " " + stretch), rule, limit, LimitMode.ENFORCED);
    }
  }

  private final class OneIdentifier {
    private final Map<String, Row> rows = new HashMap<>();
    private ExactReference exact = new ExactReference();

    void take(Run.Checked checked) {
      if (checked.task() instanceof Run.Task.Reset) {
        rows.clear();
        exact = new ExactReference();
      } else if (checked.task() instanceof Run.Task.Refund refund) {
        refund(checked, refund.chargedAtMillis());
      } else if (checked.isCharge()) {
        charge(checked, Objects.requireNonNull(decisions.get(checked.requestId())));
      }
    }

    private void charge(Run.Checked checked, Decision decision) {
      long nowMillis =
          checked.part().map(part -> answer(part).nowMillis()).orElseGet(decision::nowMillis);
      List<ApplicableLimit> charged = new ArrayList<>();
      for (LimitStatus status : written(checked, decision)) {
        Row row = rows.computeIfAbsent(status.stateKey(), key -> new Row(status.limit()));
        row.write(status.limit(), nowMillis, decision.isAllowed());
        if (decision.isAllowed()) {
          charged.add(row.applicable(status.stateKey(), status.rule()));
        } else {
          row.deniedMillis.put(checked.part().orElseThrow().id(), nowMillis);
        }
      }
      if (!charged.isEmpty()) {
        assertThat(exact.judge(check(checked, charged, nowMillis)).verdict())
            .as("%s is within its limits at %s", checked.identifier(), checked)
            .isEqualTo(Verdict.ALLOW);
      }
    }

    /** Those whose row has the charge, or had it until it was released. */
    private List<LimitStatus> written(Run.Checked checked, Decision decision) {
      if (checked.part().isEmpty()) {
        return decision.isAllowed() ? admitting(decision.statuses()) : List.of();
      }
      List<Answer.LimitAnswer> limits = answer(checked.part().get()).limits();
      return decision.isAllowed()
          ? admitting(limits.stream().map(Answer.LimitAnswer::status).toList())
          : limits.stream()
              .filter(limit -> limit.held().isPresent())
              .map(Answer.LimitAnswer::status)
              .toList();
    }

    /** Exhausted shadow and quota limits are not charged. */
    private static List<LimitStatus> admitting(List<LimitStatus> statuses) {
      return statuses.stream().filter(status -> status.verdict() == Verdict.ALLOW).toList();
    }

    private void refund(Run.Checked checked, long chargedAtMillis) {
      List<ApplicableLimit> refunded = new ArrayList<>();
      for (ApplicableLimit limit : checked.limits()) {
        Row row = rows.get(limit.stateKey());
        if (row != null && row.limit.algorithm().name().equals(limit.limit().algorithm().name())) {
          row.refund(chargedAtMillis);
          refunded.add(row.applicable(limit.stateKey(), limit.rule()));
        }
      }
      if (!refunded.isEmpty()) {
        exact.refund(check(checked, refunded, checked.timestampMillis()), chargedAtMillis);
      }
    }

    void release(Run.Released released) {
      for (String stateKey : released.stateKeys()) {
        Row row = rows.get(stateKey);
        if (row != null) {
          row.release(released.id());
        }
      }
    }

    private static Check check(Run.Checked checked, List<ApplicableLimit> limits, long nowMillis) {
      return new Check(
          KeyText.of(checked.identifier()),
          limits,
          checked.check().cost(),
          nowMillis,
          0,
          checked.rulesRevision());
    }

    private Answer answer(Run.Part part) {
      return Objects.requireNonNull(answers.get(part)).answer();
    }
  }
}
