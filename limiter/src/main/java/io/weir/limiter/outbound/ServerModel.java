package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RateLimitAnswer;
import io.weir.limiter.http.ToldLimit;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a server's answers say of how fast to call, as pure steps. Immutable. Times are of {@link
 * SteadyTime}.
 *
 * <p><b>Derivation.</b> Let s be the safety factor, Q the quota of a window W, R what is left of it
 * for the time T.
 *
 * <ul>
 *   <li>The rate is sQ/W and the burst (1 - s)Q. In any time W, wherever it begins, no more than (1
 *       - s)Q + sQ = Q calls start: so a server that counts in windows, fixed or sliding, has
 *       nothing to refuse, if nobody else calls it. If the server says that it has a bucket, the
 *       burst is s times what that holds.
 *   <li>Of R, what that rate uses in T is not there to be used at once. If R is less than that,
 *       others call as well, or did before. Then the rate is sR/T and the burst (1 - s)R, at most R
 *       together, until T is over.
 *   <li>If R is 0, nothing starts until T is over.
 *   <li>If W is never told, the longest T that was told stands for it: no window is shorter. If Q
 *       is not told, the initial limit stands for sQ/W: what is left slows it and never raises it,
 *       however much that is said to be.
 *   <li>A refusal starts a pause: as long as it says, or else a settable time, twice as long with
 *       each refusal that follows. After it the bucket is empty. If the rate is not known, it is
 *       halved; answers that are no refusals raise it again, by a tenth of the initial rate each
 *       ten seconds.
 * </ul>
 *
 * <p>A limit that is not told any more is forgotten: after its window where others are told, and
 * else after the longest time that is believed.
 *
 * <p>Of several limits the slowest rate, the smallest burst and the longest pause hold.
 */
record ServerModel(
    AdaptiveRules rules,
    Map<String, ServerLimit> limits,
    long pausedUntilMillis,
    int refusals,
    long slowPermille,
    long slowedAtMillis) {
  private static final int MAX_LIMITS = 16;
  private static final long WHOLE = 1_000;
  private static final long LEAST_PERMILLE = 1;
  private static final long RECOVERY_PERMILLE = 100;
  private static final long RECOVERY_MILLIS = 10_000;
  private static final int MAX_DOUBLINGS = 20;

  /** A model of a server that said nothing yet. */
  static ServerModel unknown(AdaptiveRules rules) {
    return new ServerModel(rules, Map.of(), 0, 0, WHOLE, 0);
  }

  /** The model that goes on with another initial limit, and has forgotten what the server said. */
  ServerModel withInitial(Limit initial) {
    return unknown(
        new AdaptiveRules(
            initial,
            rules.safetyPermille(),
            rules.minimum(),
            rules.maximum(),
            rules.longest(),
            rules.firstPause()));
  }

  /**
   * The model after an answer.
   *
   * @param othersUnderWay calls that are under way beside the one that was answered
   */
  ServerModel after(RateLimitAnswer answer, long nowMillis, int othersUnderWay) {
    Map<String, ServerLimit> known = new LinkedHashMap<>(limits);
    for (ToldLimit told : answer.limits()) {
      ServerLimit before = known.getOrDefault(told.name(), ServerLimit.UNKNOWN);
      // Those told last are last, so the ones to forget are the first.
      known.remove(told.name());
      known.put(told.name(), before.after(told, nowMillis, othersUnderWay));
    }
    boolean tells = !answer.limits().isEmpty();
    known.values().removeIf(it -> it.isStale(nowMillis, tells, Times.millis(rules.longest())));
    Iterator<String> oldest = known.keySet().iterator();
    while (known.size() > MAX_LIMITS) {
      oldest.next();
      oldest.remove();
    }
    ServerModel told =
        new ServerModel(
            rules,
            Collections.unmodifiableMap(known),
            Math.max(pausedUntilMillis, nowMillis + usedUpMillis(answer, known, nowMillis)),
            refusals,
            slowPermille,
            slowedAtMillis);
    // Calls that were under way when the first one was refused tell nothing new. The pause that
    // this answer itself starts does not make it one of them.
    boolean paused = nowMillis < pausedUntilMillis;
    return answer.isRefusal()
        ? told.refused(answer, nowMillis, !paused || refusals == 0)
        : told.served(nowMillis, paused);
  }

  private long usedUpMillis(
      RateLimitAnswer answer, Map<String, ServerLimit> known, long nowMillis) {
    long longestMillis = 0;
    for (ToldLimit told : answer.limits()) {
      ServerLimit limit = known.get(told.name());
      if (limit != null && told.isUsedUp()) {
        long lastsMillis = limit.lastsMillis(nowMillis);
        // Less than the unit it is told in, or not told at all.
        longestMillis = Math.max(longestMillis, lastsMillis > 0 ? lastsMillis : firstPauseMillis());
      }
    }
    return longestMillis;
  }

  private ServerModel refused(RateLimitAnswer answer, long nowMillis, boolean another) {
    int count = another ? Math.min(refusals + 1, MAX_DOUBLINGS) : refusals;
    OptionalLong toldMillis = answer.retryAfterMillis();
    boolean tells = toldMillis.isPresent() || pausedUntilMillis > nowMillis;
    long pauseMillis =
        tells
            ? toldMillis.orElse(0)
            : Math.min(firstPauseMillis() << (count - 1), Times.millis(rules.longest()));
    boolean slower = another && answer.isRateRefusal() && !tellsRate();
    return new ServerModel(
        rules,
        limits,
        Math.max(pausedUntilMillis, nowMillis + pauseMillis),
        count,
        slower ? Math.max(LEAST_PERMILLE, slowPermille / 2) : slowPermille,
        slower ? nowMillis : slowedAtMillis);
  }

  private ServerModel served(long nowMillis, boolean paused) {
    if (paused) {
      return this;
    }
    boolean faster = slowPermille < WHOLE && nowMillis - slowedAtMillis >= RECOVERY_MILLIS;
    return new ServerModel(
        rules,
        limits,
        pausedUntilMillis,
        0,
        faster ? Math.min(WHOLE, slowPermille + RECOVERY_PERMILLE) : slowPermille,
        faster ? nowMillis : slowedAtMillis);
  }

  private boolean tellsRate() {
    return limits.values().stream().anyMatch(ServerLimit::tellsRate);
  }

  private long firstPauseMillis() {
    return Times.millis(rules.firstPause());
  }

  /** What to do from a time on. */
  Advice advice(long nowMillis) {
    Rate rate = null;
    long burst = rules.initial().burst();
    OptionalLong atMost = OptionalLong.empty();
    OptionalLong changesAtMillis = OptionalLong.empty();
    for (ServerLimit limit : limits.values()) {
      Advice one = advice(limit, nowMillis);
      boolean first = rate == null;
      Rate own = Rate.of(one.limit());
      rate = rate == null ? own : Rate.slower(rate, own);
      burst = first ? one.limit().burst() : Math.min(burst, one.limit().burst());
      atMost = least(atMost, one.tokensAtMost());
      changesAtMillis = least(changesAtMillis, one.changesAtMillis());
    }
    if (rate == null) {
      rate = slowed(Rate.of(rules.initial()));
    }
    Rate bounded = rules.maximum().isPresent() ? Rate.slower(rate, rules.maximum().get()) : rate;
    Limit limit = Rate.faster(bounded, rules.leastRate()).limit(burst);
    return new Advice(
        sameNumbers(limit) ? rules.initial() : limit, atMost, changesAtMillis, pausedUntilMillis);
  }

  private boolean sameNumbers(Limit limit) {
    return Rate.of(limit).equals(Rate.of(rules.initial()))
        && limit.burst() == rules.initial().burst();
  }

  private Rate slowed(Rate rate) {
    return slowPermille == WHOLE
        ? rate
        : Rate.of(rate.requests(), rate.periodMillis(), slowPermille);
  }

  private Advice advice(ServerLimit limit, long nowMillis) {
    Rate usual = usualRate(limit);
    long burst = usualBurst(limit);
    long lastsMillis = limit.lastsMillis(nowMillis);
    if (limit.remaining().isEmpty() || lastsMillis == 0 || limit.isUsedUp()) {
      return new Advice(usual.limit(burst), OptionalLong.empty(), OptionalLong.empty(), 0);
    }
    long left = limit.remaining().getAsLong();
    long used = usual.in(lastsMillis);
    if (used <= left) {
      // What the rate will use is not there to be used at once.
      return new Advice(usual.limit(burst), OptionalLong.of(left - used), OptionalLong.empty(), 0);
    }
    // Slower than the usual rate, which would use more than is left.
    Rate told = Rate.of(left, lastsMillis, rules.safetyPermille());
    return new Advice(
        told.limit(Math.min(burst, unsafe(left))),
        OptionalLong.of(unsafe(left)),
        limit.resetAtMillis(),
        0);
  }

  private Rate usualRate(ServerLimit limit) {
    return limit.tellsRate()
        ? Rate.of(
            limit.quota().getAsLong(), limit.windowMillis().getAsLong(), rules.safetyPermille())
        : slowed(Rate.of(rules.initial()));
  }

  private long usualBurst(ServerLimit limit) {
    if (limit.burst().isPresent()) {
      return Math.max(1, limit.burst().getAsLong() * rules.safetyPermille() / WHOLE);
    }
    return limit.quota().isPresent() ? unsafe(limit.quota().getAsLong()) : rules.initial().burst();
  }

  /** The share that the safety factor leaves, 1 or more. */
  private long unsafe(long requests) {
    return Math.max(1, requests * (WHOLE - rules.safetyPermille()) / WHOLE);
  }

  private static OptionalLong least(OptionalLong a, OptionalLong b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    return OptionalLong.of(Math.min(a.getAsLong(), b.getAsLong()));
  }

  /**
   * What to do.
   *
   * @param limit the limit to have
   * @param tokensAtMost what may be in the bucket now
   * @param changesAtMillis when to ask again, though no answer came
   * @param pausedUntilMillis nothing starts before
   */
  record Advice(
      Limit limit,
      OptionalLong tokensAtMost,
      OptionalLong changesAtMillis,
      long pausedUntilMillis) {}
}
