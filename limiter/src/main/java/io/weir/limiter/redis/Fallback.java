package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import io.weir.limiter.rule.OnError;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides where the state of the limits cannot be asked in time: as the rules say ({@code
 * on_error}), and where they do not, by the setting. Thread-safe if the local backend is.
 *
 * <p>Of several limits each has its say, as it would if it had been judged: one that is enforced
 * and says {@code deny} denies; of quotas, all must.
 */
final class Fallback {
  private final OnError defaultOnError;
  private final double localShare;
  private final LimitBackend local;
  private final InstantSource clock;

  /**
   * A fallback.
   *
   * @param defaultOnError for limits whose rules do not say
   * @param localShare the share of a limit that this process admits alone, above 0, at most 1
   * @param local judges what is judged by this process alone
   * @param clock the time of decisions
   */
  Fallback(OnError defaultOnError, double localShare, LimitBackend local, InstantSource clock) {
    this.defaultOnError = defaultOnError;
    this.localShare = localShare;
    this.local = local;
    this.clock = clock;
  }

  /**
   * The decision on a request that could not be judged.
   *
   * @param why why not
   */
  Decision decide(Match match, long cost, String why) {
    boolean hasQuota = false;
    boolean hasQuotaAllow = false;
    boolean hasQuotaLocal = false;
    boolean denies = false;
    for (IdentifierLimits identifier : match.identifiers()) {
      for (ApplicableLimit limit : identifier.limits()) {
        OnError onError = onError(limit);
        if (limit.mode() == LimitMode.QUOTA) {
          hasQuota = true;
          hasQuotaAllow |= onError == OnError.ALLOW;
          hasQuotaLocal |= onError == OnError.LOCAL;
        } else if (limit.mode() == LimitMode.ENFORCED) {
          denies |= onError == OnError.DENY;
        }
      }
    }
    if (denies || (hasQuota && !hasQuotaAllow && !hasQuotaLocal)) {
      return Decision.unjudged(match, Verdict.DENY, why, clock.millis());
    }
    Match judged = localLimits(match, hasQuotaAllow);
    return judged.identifiers().isEmpty()
        ? Decision.unjudged(match, Verdict.ALLOW, why, clock.millis())
        : local.judge(judged, cost).asDegraded(why);
  }

  /** The limits that this process judges alone; no quotas where another one admits anyway. */
  private Match localLimits(Match match, boolean hasQuotaAllow) {
    List<IdentifierLimits> identifiers = new ArrayList<>();
    for (IdentifierLimits identifier : match.identifiers()) {
      List<ApplicableLimit> limits =
          identifier.limits().stream()
              .filter(limit -> onError(limit) == OnError.LOCAL)
              .filter(limit -> limit.mode() != LimitMode.QUOTA || !hasQuotaAllow)
              .map(this::share)
              .toList();
      if (!limits.isEmpty()) {
        identifiers.add(new IdentifierLimits(identifier.identifierText(), limits));
      }
    }
    return match.withIdentifiers(identifiers);
  }

  private OnError onError(ApplicableLimit limit) {
    return limit.onError().orElse(defaultOnError);
  }

  private ApplicableLimit share(ApplicableLimit whole) {
    return whole.withLimit(share(whole.limit()));
  }

  /** The whole, where its share is one of those few that cannot be counted exactly. */
  private Limit share(Limit limit) {
    try {
      return new Limit(
          limit.algorithm(), share(limit.requests()), limit.periodMillis(), share(limit.burst()));
    } catch (IllegalArgumentException e) {
      return limit;
    }
  }

  /** At least one, where there is any. */
  private long share(long whole) {
    return whole == 0 || localShare == 1 ? whole : Math.max(1, (long) (whole * localShare));
  }
}
