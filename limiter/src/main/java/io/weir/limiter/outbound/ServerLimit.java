package io.weir.limiter.outbound;

import io.weir.limiter.http.ToldLimit;
import java.util.OptionalLong;

/**
 * What is known of one limit of a server after some answers. Immutable. Times are of {@link
 * SteadyTime}.
 *
 * @param windowMillis the window; if it was never told, the longest time to a reset that was: no
 *     window is shorter
 * @param windowTold whether the window was told
 * @param burst the most that can be used at once, where it was told
 * @param remaining what was left by the last answer that told it
 * @param resetAtMillis until when that was meant to last
 * @param toldAtMillis when something of it was told last
 */
record ServerLimit(
    OptionalLong quota,
    OptionalLong windowMillis,
    boolean windowTold,
    OptionalLong burst,
    OptionalLong remaining,
    OptionalLong resetAtMillis,
    long toldAtMillis) {
  private static final long SECOND_MILLIS = 1_000;

  static final ServerLimit UNKNOWN =
      new ServerLimit(
          OptionalLong.empty(),
          OptionalLong.empty(),
          false,
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          0);

  /**
   * What is known after one more answer.
   *
   * @param othersUnderWay calls that are under way and may not be counted in what is left
   */
  ServerLimit after(ToldLimit told, long nowMillis, int othersUnderWay) {
    OptionalLong left =
        told.remaining().isEmpty()
            ? remainingAt(nowMillis)
            : OptionalLong.of(
                told.isUsedUp() ? 0 : Math.max(1, told.remaining().getAsLong() - othersUnderWay));
    return new ServerLimit(
        told.quota().isPresent() ? told.quota() : quota,
        window(told),
        windowTold || told.windowMillis().isPresent(),
        told.burst().isPresent() ? told.burst() : burst,
        left,
        resetAt(told, nowMillis),
        nowMillis);
  }

  /** What was left and is not told again still is, until its reset. */
  private OptionalLong remainingAt(long nowMillis) {
    return resetAtMillis.orElse(Long.MAX_VALUE) > nowMillis ? remaining : OptionalLong.empty();
  }

  /**
   * Whether it is not told any more.
   *
   * @param othersTold whether the answer at this time told limits
   * @param longestMillis for how long a limit is believed that no answer confirms
   */
  boolean isStale(long nowMillis, boolean othersTold, long longestMillis) {
    long untoldMillis = nowMillis - toldAtMillis;
    return untoldMillis >= longestMillis
        || (othersTold && untoldMillis >= windowMillis.orElse(longestMillis));
  }

  private OptionalLong window(ToldLimit told) {
    if (told.windowMillis().isPresent()) {
      return told.windowMillis();
    }
    boolean learns =
        !windowTold && told.resetMillis().isPresent() && told.resetMillis().getAsLong() > 0;
    return learns
        ? OptionalLong.of(Math.max(windowMillis.orElse(0), told.resetMillis().getAsLong()))
        : windowMillis;
  }

  /**
   * Seconds are rounded up, so of two that tell the same reset the earlier one is nearer. If it is
   * not told, that of the answer before holds on.
   */
  private OptionalLong resetAt(ToldLimit told, long nowMillis) {
    if (told.resetMillis().isEmpty()) {
      return resetAtMillis;
    }
    long toldMillis = nowMillis + told.resetMillis().getAsLong();
    boolean same =
        resetAtMillis.isPresent()
            && resetAtMillis.getAsLong() > nowMillis
            && Math.abs(toldMillis - resetAtMillis.getAsLong()) < SECOND_MILLIS;
    return OptionalLong.of(same ? Math.min(toldMillis, resetAtMillis.getAsLong()) : toldMillis);
  }

  /** How long what is left has to last; 0 if there is a new window already, or it is not known. */
  long lastsMillis(long nowMillis) {
    return Math.max(0, resetAtMillis.orElse(0) - nowMillis);
  }

  boolean isUsedUp() {
    return remaining.isPresent() && remaining.getAsLong() == 0;
  }

  /** Whether it says how fast calls may be. */
  boolean tellsRate() {
    return quota.isPresent() && windowMillis.isPresent();
  }
}
