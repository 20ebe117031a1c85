package io.weir.limiter;

import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the opinions of all limits come to: the verdict on the request, its reason, the wait, and
 * the order of the statuses. Pure; {@link Judge} tells the rules.
 */
final class Verdicts {
  private static final Comparator<LimitStatus> LONGEST_WAIT_FIRST =
      Comparator.<LimitStatus, Long>comparing(Verdicts::waitMillis, Comparator.reverseOrder())
          .thenComparingLong(LimitStatus::remaining);

  /** Enforced and quota limits before shadow ones, those that admitted first, least left first. */
  private static final Comparator<LimitStatus> BINDING_FIRST_IF_ALLOWED =
      Comparator.<LimitStatus>comparingInt(
              status ->
                  status.mode() == LimitMode.SHADOW ? 2 : status.verdict() == Verdict.ALLOW ? 0 : 1)
          .thenComparingLong(LimitStatus::remaining);

  private Verdicts() {}

  /** What one limit says. */
  interface Opinion {
    LimitMode mode();

    boolean admits();
  }

  /** DENY if an enforced limit refuses, or if there are quota limits and all of them refuse. */
  static Verdict of(Opinion[] opinions) {
    boolean quota = false;
    boolean quotaAdmits = false;
    for (Opinion opinion : opinions) {
      if (opinion.mode() == LimitMode.ENFORCED && !opinion.admits()) {
        return Verdict.DENY;
      }
      if (opinion.mode() == LimitMode.QUOTA) {
        quota = true;
        quotaAdmits |= opinion.admits();
      }
    }
    return quota && !quotaAdmits ? Verdict.DENY : Verdict.ALLOW;
  }

  /**
   * The decision.
   *
   * @param verdict that of {@link #of}
   * @param statuses in rule order; sorted in place
   */
  static Decision decide(
      Verdict verdict,
      LimitStatus[] statuses,
      KeyText identifier,
      long rulesRevision,
      long timestampMillis,
      long nowMillis) {
    OptionalLong retryAfterMillis =
        verdict == Verdict.DENY ? retryAfterMillis(statuses) : OptionalLong.empty();
    Reason reason = reason(statuses, verdict, retryAfterMillis);
    long delayMillis = verdict == Verdict.ALLOW ? delayMillis(statuses) : 0;
    if (statuses.length > 1) {
      Arrays.sort(
          statuses, verdict == Verdict.DENY ? bindingFirst(statuses) : BINDING_FIRST_IF_ALLOWED);
    }
    return new Decision(
        verdict,
        reason,
        Optional.empty(),
        Optional.of(identifier),
        List.of(statuses),
        retryAfterMillis,
        delayMillis,
        rulesRevision,
        timestampMillis,
        nowMillis);
  }

  /**
   * What the limits of one of a request's descriptors come to by themselves.
   *
   * @param statuses at least one
   */
  static DescriptorStatus ofDescriptor(List<LimitStatus> statuses) {
    LimitStatus[] all = statuses.toArray(new LimitStatus[0]);
    Verdict verdict = of(all);
    Reason reason = reason(all, verdict, retryAfterMillis(all));
    return new DescriptorStatus(verdict, reason, statuses);
  }

  /**
   * The decision for a request that asks for no tokens: granted.
   *
   * @param statuses in rule order, all of them granting it; sorted in place, least left first
   */
  static Decision granted(
      Reason reason,
      LimitStatus[] statuses,
      KeyText identifier,
      long rulesRevision,
      long timestampMillis,
      long nowMillis) {
    Arrays.sort(statuses, BINDING_FIRST_IF_ALLOWED);
    return new Decision(
        Verdict.ALLOW,
        reason,
        Optional.empty(),
        Optional.of(identifier),
        List.of(statuses),
        OptionalLong.empty(),
        0,
        rulesRevision,
        timestampMillis,
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
      LimitStatus[] statuses, Verdict verdict, OptionalLong retryAfterMillis) {
    if (verdict == Verdict.DENY) {
      return retryAfterMillis.isPresent() ? Reason.OVER_LIMIT : Reason.NEVER_FITS;
    }
    Reason reason = Reason.WITHIN_LIMIT;
    for (LimitStatus status : statuses) {
      if (status.verdict() == Verdict.DENY) {
        if (status.mode() == LimitMode.SHADOW) {
          return Reason.SHADOW_OVER_LIMIT;
        }
        reason = Reason.QUOTA_OVER_LIMIT;
      }
    }
    return reason;
  }

  /**
   * After how long a denied request would be admitted: when every enforced limit admits it, and,
   * where there are quota limits, one of them does. Empty if that is never.
   */
  private static OptionalLong retryAfterMillis(LimitStatus[] statuses) {
    long enforced = 0;
    long soonestQuota = Long.MAX_VALUE;
    boolean quota = false;
    for (LimitStatus status : statuses) {
      if (status.mode() == LimitMode.ENFORCED) {
        enforced = Math.max(enforced, waitMillis(status));
      } else if (status.mode() == LimitMode.QUOTA) {
        quota = true;
        soonestQuota = Math.min(soonestQuota, waitMillis(status));
      }
    }
    long wait = quota ? Math.max(enforced, soonestQuota) : enforced;
    return wait == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(wait);
  }

  private static long delayMillis(LimitStatus[] statuses) {
    long longest = 0;
    for (LimitStatus status : statuses) {
      if (status.mode() != LimitMode.SHADOW) {
        longest = Math.max(longest, status.delayMillis());
      }
    }
    return longest;
  }
}
