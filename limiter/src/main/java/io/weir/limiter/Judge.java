package io.weir.limiter;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.Outcome;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.LimitMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Judges one request by all limits that apply to it, as a pure step: from limits, rows, time and
 * cost to a decision and the rows to write. Every door uses it, so that memory, topology and
 * queries decide alike. Stateless and thread-safe.
 *
 * <p><b>Time.</b> All limits are judged at one time, {@code now = max(timestamp, floor, last
 * admission of each row)}: a late request or a clock set back never takes tokens away. The wait
 * before another try is reported from the request's own timestamp, the delay of an admitted request
 * from {@code now}.
 *
 * <p><b>Verdict.</b> DENY if any enforced limit refuses, or if there are quota limits and all of
 * them refuse; shadow limits never deny. A DENY charges nothing. An ALLOW charges every limit that
 * admitted, and none of the exhausted shadow and quota limits.
 *
 * <p><b>Binding limit.</b> It is the first status. Of a DENY it is the one that is waited for
 * longest; quota limits, of which one suffices, are waited for together, up to the soonest. Of an
 * ALLOW it is the one that has least left.
 */
public final class Judge {
  private static final Comparator<LimitStatus> LONGEST_WAIT_FIRST =
      Comparator.<LimitStatus, Long>comparing(Judge::waitMillis, Comparator.reverseOrder())
          .thenComparingLong(LimitStatus::remaining);

  /** Enforced and quota limits before shadow ones, those that admitted first, least left first. */
  private static final Comparator<LimitStatus> BINDING_FIRST_IF_ALLOWED =
      Comparator.<LimitStatus>comparingInt(
              status ->
                  status.mode() == LimitMode.SHADOW ? 2 : status.verdict() == Verdict.ALLOW ? 0 : 1)
          .thenComparingLong(LimitStatus::remaining);

  /** Finds the rows to judge by. */
  @FunctionalInterface
  public interface Rows {
    /** The row of a state key; empty if nothing is remembered. */
    Optional<StoredLimit> find(String stateKey);
  }

  /** Judges one request. */
  public Judgement judge(Check check, Rows rows) {
    List<ApplicableLimit> limits = check.limits();
    @Nullable StoredLimit[] found = new StoredLimit[limits.size()];
    long nowMillis = Math.max(check.timestampMillis(), check.floorMillis());
    for (int i = 0; i < found.length; i++) {
      StoredLimit row = rows.find(limits.get(i).stateKey()).orElse(null);
      found[i] = row;
      if (row != null) {
        nowMillis = Math.max(nowMillis, row.state().lastMillis());
      }
    }
    Evaluation[] evaluations = new Evaluation[found.length];
    for (int i = 0; i < found.length; i++) {
      evaluations[i] = evaluate(check, limits.get(i), found[i], nowMillis);
    }
    Verdict verdict = verdict(evaluations);
    boolean charge = verdict == Verdict.ALLOW && check.cost() > 0;
    return new Judgement(
        decide(check, evaluations, verdict, charge, nowMillis),
        charge ? writes(evaluations) : List.of());
  }

  /**
   * How a limit stands, for one who only asks.
   *
   * @param nowMillis the time of asking; where the row's last admission is later, that one counts
   */
  public Usage usage(Limit limit, Optional<StoredLimit> row, long nowMillis) {
    long lastMillis = row.map(it -> it.state().lastMillis()).orElse(nowMillis);
    return usage(limit.algorithm(), limit, row.orElse(null), Math.max(nowMillis, lastMillis));
  }

  private static <S extends LimitState> Usage usage(
      Algorithm<S> algorithm, Limit limit, @Nullable StoredLimit row, long nowMillis) {
    return algorithm.usage(limit, stateUnder(algorithm, limit, row, nowMillis), nowMillis);
  }

  private static Evaluation evaluate(
      Check check, ApplicableLimit applicable, @Nullable StoredLimit row, long nowMillis) {
    return evaluate(applicable.limit().algorithm(), check, applicable, row, nowMillis);
  }

  private static <S extends LimitState> Evaluation evaluate(
      Algorithm<S> algorithm,
      Check check,
      ApplicableLimit applicable,
      @Nullable StoredLimit row,
      long nowMillis) {
    Limit limit = applicable.limit();
    S state = stateUnder(algorithm, limit, row, nowMillis);
    Outcome<S> outcome = algorithm.check(limit, state, nowMillis, Math.max(1, check.cost()));
    if (outcome instanceof Outcome.Admitted<S> admitted) {
      return new Evaluation(
          applicable,
          state,
          new StoredLimit(limit, admitted.next()),
          OptionalLong.empty(),
          admitted.delayMillis());
    }
    OptionalLong readyAtMillis =
        outcome instanceof Outcome.Denied<S> denied
            ? OptionalLong.of(denied.readyAtMillis())
            : OptionalLong.empty();
    return new Evaluation(applicable, state, null, readyAtMillis, 0);
  }

  /**
   * The state to judge by: that of the row, carried over where it was written under other numbers,
   * and none where it was written by another algorithm.
   */
  private static <S extends LimitState> S stateUnder(
      Algorithm<S> algorithm, Limit limit, @Nullable StoredLimit row, long nowMillis) {
    if (row == null
        || !row.limit().algorithm().name().equals(algorithm.name())
        || !algorithm.stateType().isInstance(row.state())) {
      return algorithm.initial();
    }
    S state = algorithm.stateType().cast(row.state());
    Limit writtenUnder = row.limit();
    return writtenUnder.equals(limit)
        ? state
        : algorithm.carryOver(writtenUnder, state, limit, nowMillis);
  }

  private static Verdict verdict(Evaluation[] evaluations) {
    boolean quota = false;
    boolean quotaAdmits = false;
    for (Evaluation evaluation : evaluations) {
      if (evaluation.mode() == LimitMode.ENFORCED && !evaluation.admits()) {
        return Verdict.DENY;
      }
      if (evaluation.mode() == LimitMode.QUOTA) {
        quota = true;
        quotaAdmits |= evaluation.admits();
      }
    }
    return quota && !quotaAdmits ? Verdict.DENY : Verdict.ALLOW;
  }

  /** The rows of an allowed request; there may be none, where only shadows and quotas refuse. */
  private static List<Judgement.Write> writes(Evaluation[] evaluations) {
    Judgement.Write[] writes = new Judgement.Write[evaluations.length];
    int count = 0;
    for (Evaluation evaluation : evaluations) {
      if (evaluation.next() != null) {
        writes[count++] = new Judgement.Write(evaluation.limit().stateKey(), evaluation.next());
      }
    }
    return List.of(count == writes.length ? writes : Arrays.copyOf(writes, count));
  }

  private static Decision decide(
      Check check, Evaluation[] evaluations, Verdict verdict, boolean charged, long nowMillis) {
    OptionalLong readyAtMillis =
        verdict == Verdict.DENY ? readyAtMillis(evaluations) : OptionalLong.empty();
    LimitStatus[] statuses = new LimitStatus[evaluations.length];
    long delayMillis = 0;
    for (int i = 0; i < statuses.length; i++) {
      Evaluation evaluation = evaluations[i];
      statuses[i] = evaluation.status(check.timestampMillis(), nowMillis, charged);
      if (verdict == Verdict.ALLOW && evaluation.mode() != LimitMode.SHADOW) {
        delayMillis = Math.max(delayMillis, evaluation.delayMillis());
      }
    }
    if (statuses.length > 1) {
      Arrays.sort(
          statuses, verdict == Verdict.DENY ? bindingFirst(statuses) : BINDING_FIRST_IF_ALLOWED);
    }
    return new Decision(
        verdict,
        reason(evaluations, verdict, readyAtMillis),
        Optional.empty(),
        Optional.of(check.identifier()),
        List.of(statuses),
        after(readyAtMillis, check.timestampMillis()),
        delayMillis,
        check.rulesRevision(),
        check.timestampMillis(),
        nowMillis);
  }

  /** The order of a denial's statuses: what is waited for, other refusals, what admits, shadows. */
  private static Comparator<LimitStatus> bindingFirst(LimitStatus[] statuses) {
    LimitStatus quotaToWaitFor = quotaToWaitFor(statuses);
    return Comparator.<LimitStatus>comparingInt(
            status -> {
              if (status.mode() == LimitMode.SHADOW) {
                return 3;
              }
              if (status.verdict() == Verdict.ALLOW) {
                return 2;
              }
              boolean decides =
                  status.mode() == LimitMode.ENFORCED || status.equals(quotaToWaitFor);
              return decides ? 0 : 1;
            })
        .thenComparing(LONGEST_WAIT_FIRST);
  }

  /** The quota limit that refuses the shortest; none where one admits. */
  private static @Nullable LimitStatus quotaToWaitFor(LimitStatus[] statuses) {
    LimitStatus soonest = null;
    for (LimitStatus status : statuses) {
      if (status.mode() == LimitMode.QUOTA
          && (soonest == null || waitMillis(status) < waitMillis(soonest))) {
        soonest = status;
      }
    }
    return soonest == null || soonest.verdict() == Verdict.ALLOW ? null : soonest;
  }

  /** None, some, or for ever. */
  private static long waitMillis(LimitStatus status) {
    return status.verdict() == Verdict.ALLOW ? 0 : status.retryAfterMillis().orElse(Long.MAX_VALUE);
  }

  private static Reason reason(
      Evaluation[] evaluations, Verdict verdict, OptionalLong readyAtMillis) {
    if (verdict == Verdict.DENY) {
      return readyAtMillis.isPresent() ? Reason.OVER_LIMIT : Reason.NEVER_FITS;
    }
    Reason reason = Reason.WITHIN_LIMIT;
    for (Evaluation evaluation : evaluations) {
      if (!evaluation.admits()) {
        if (evaluation.mode() == LimitMode.SHADOW) {
          return Reason.SHADOW_OVER_LIMIT;
        }
        reason = Reason.QUOTA_OVER_LIMIT;
      }
    }
    return reason;
  }

  /**
   * When a denied request would be admitted: when every enforced limit admits it, and, where there
   * are quota limits, one of them does. Empty if that is never.
   */
  private static OptionalLong readyAtMillis(Evaluation[] evaluations) {
    long enforced = 0;
    boolean quota = false;
    OptionalLong earliestQuota = OptionalLong.empty();
    for (Evaluation evaluation : evaluations) {
      OptionalLong ready = evaluation.admits() ? OptionalLong.of(0) : evaluation.readyAtMillis();
      if (evaluation.mode() == LimitMode.ENFORCED) {
        if (ready.isEmpty()) {
          return OptionalLong.empty();
        }
        enforced = Math.max(enforced, ready.getAsLong());
      } else if (evaluation.mode() == LimitMode.QUOTA) {
        quota = true;
        if (ready.isPresent()
            && (earliestQuota.isEmpty() || ready.getAsLong() < earliestQuota.getAsLong())) {
          earliestQuota = ready;
        }
      }
    }
    if (!quota) {
      return OptionalLong.of(enforced);
    }
    return earliestQuota.isEmpty()
        ? earliestQuota
        : OptionalLong.of(Math.max(enforced, earliestQuota.getAsLong()));
  }

  private static OptionalLong after(OptionalLong timeMillis, long timestampMillis) {
    return timeMillis.isEmpty()
        ? timeMillis
        : OptionalLong.of(timeMillis.getAsLong() - timestampMillis);
  }

  /**
   * What one limit says.
   *
   * @param state what was remembered
   * @param next the row after the charge; null where the limit refuses
   * @param readyAtMillis where it refuses: when it would admit; empty if never
   */
  private record Evaluation(
      ApplicableLimit limit,
      LimitState state,
      @Nullable StoredLimit next,
      OptionalLong readyAtMillis,
      long delayMillis) {

    boolean admits() {
      return next != null;
    }

    LimitMode mode() {
      return limit.mode();
    }

    /** How the limit stands after the charge, or as it is. */
    LimitStatus status(long timestampMillis, long nowMillis, boolean charged) {
      Usage usage = usage(limit.limit().algorithm(), nowMillis, charged);
      return new LimitStatus(
          limit.stateKey(),
          limit.rule(),
          limit.limit(),
          limit.mode(),
          admits() ? Verdict.ALLOW : Verdict.DENY,
          usage.remaining(),
          usage.resetAtMillis(),
          Judge.after(readyAtMillis, timestampMillis),
          delayMillis);
    }

    private <S extends LimitState> Usage usage(
        Algorithm<S> algorithm, long nowMillis, boolean charged) {
      LimitState standing = charged && next != null ? next.state() : state;
      return algorithm.usage(limit.limit(), algorithm.stateType().cast(standing), nowMillis);
    }
  }
}
