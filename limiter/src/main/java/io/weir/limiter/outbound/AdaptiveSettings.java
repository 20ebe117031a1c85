package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RateLimitAnswer;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.Optional;

/** How far a server's word is followed. Not thread-safe. */
public final class AdaptiveSettings {
  private static final int WHOLE = 1_000;
  private static final Duration MAX_LONGEST = Duration.ofDays(366);

  private long safetyPermille = 900;
  private static final Rate ONCE_A_MINUTE = new Rate(1, Duration.ofMinutes(1).toMillis());

  private Optional<Rate> minimum = Optional.empty();
  private Optional<Rate> maximum = Optional.empty();
  private Duration longest = RateLimitAnswer.DEFAULT_LONGEST;
  private Duration firstPause = Duration.ofSeconds(1);

  AdaptiveSettings() {}

  /**
   * The share of what the server grants that is used; 0.9 if not set. The rest is the burst, and
   * the margin for calls of others and for delays on the way: with 1 the burst is a single call.
   *
   * @param factor from 0.001 to 1, to three decimals
   * @throws IllegalArgumentException if it is out of range
   */
  public AdaptiveSettings safety(double factor) {
    long permille = Math.round(factor * WHOLE);
    if (!(factor > 0 && factor <= 1) || permille == 0) {
      throw new IllegalArgumentException("safety is " + factor + "; it must be from 0.001 to 1");
    }
    safetyPermille = permille;
    return this;
  }

  /**
   * The rate that no word of the server goes below, except that it says to wait; once a minute if
   * not set. Where the initial limit is slower, its rate is the minimum.
   *
   * @throws IllegalArgumentException if the limit is no {@link Limit#tokenBucket}, or of 0 requests
   */
  public AdaptiveSettings minimum(Limit limit) {
    minimum = Optional.of(Rate.of(Bucket.requireUsable(limit)));
    return this;
  }

  /**
   * The rate that no word of the server goes above, nor the initial limit; none if not set. It is
   * no lower than a minimum that is set.
   *
   * @throws IllegalArgumentException if the limit is no {@link Limit#tokenBucket}, or of 0 requests
   */
  public AdaptiveSettings maximum(Limit limit) {
    maximum = Optional.of(Rate.of(Bucket.requireUsable(limit)));
    return this;
  }

  /**
   * Resets further away than this are not believed, and no pause is longer; a day if not set.
   *
   * @throws IllegalArgumentException if it is below 1 ms or above 366 days
   */
  public AdaptiveSettings longest(Duration duration) {
    longest = requireTime("longest", duration);
    return this;
  }

  /**
   * How long to stay away after a refusal that does not say how long; a second if not set. It is
   * twice as long after each refusal that follows.
   *
   * @throws IllegalArgumentException if it is below 1 ms or above 366 days
   */
  public AdaptiveSettings firstPause(Duration duration) {
    firstPause = requireTime("firstPause", duration);
    return this;
  }

  private static Duration requireTime(String what, Duration duration) {
    if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(MAX_LONGEST) > 0) {
      throw new IllegalArgumentException(
          what + " is " + Spans.exact(duration) + "; it must be from 1 ms to 366 days");
    }
    return duration;
  }

  void read(OutboundProperties properties) {
    properties.fraction("safety", this::safety);
    properties.rate("minimum.").ifPresent(this::minimum);
    properties.rate("maximum.").ifPresent(this::maximum);
    properties.together("minimum and maximum", this::requireOrder);
    properties.duration("longest", this::longest);
    properties.duration("first.pause", this::firstPause);
  }

  Duration longest() {
    return longest;
  }

  /**
   * The same settings, which no later change of these reaches.
   *
   * @throws IllegalArgumentException if the minimum is above the maximum
   */
  AdaptiveSettings copy() {
    requireOrder();
    AdaptiveSettings copy = new AdaptiveSettings();
    copy.safetyPermille = safetyPermille;
    copy.minimum = minimum;
    copy.maximum = maximum;
    copy.longest = longest;
    copy.firstPause = firstPause;
    return copy;
  }

  private void requireOrder() {
    if (minimum.isPresent() && maximum.isPresent() && maximum.get().isSlowerThan(minimum.get())) {
      throw new IllegalArgumentException(
          "minimum is "
              + minimum.get().text()
              + "; it must be at most the maximum, "
              + maximum.get().text());
    }
  }

  AdaptiveRules rules(Limit initial) {
    return new AdaptiveRules(
        initial, safetyPermille, minimum.orElse(ONCE_A_MINUTE), maximum, longest, firstPause);
  }
}
