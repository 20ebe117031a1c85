package io.weir.limiter.algorithm;

/**
 * Token bucket: a bucket of {@code burst} tokens that refills at {@code requests} per {@code
 * period}, continuously. A request takes its cost if the bucket holds it.
 *
 * <p><b>Derivation.</b> The state is what is missing to be full, at the time of the last admission;
 * later it is that less the refill since, at least 0. In scaled units (see {@link
 * Limit#unitsPerToken()}) the refill is a whole number each millisecond, so the bucket never
 * drifts, whatever the rate. Missing 0 is the full bucket of an identifier never seen: the row can
 * go as soon as the bucket is full.
 *
 * <p><b>Bound.</b> In any span of d milliseconds at most {@code burst + requests * d / period}.
 *
 * <p><b>Cost.</b> A division, a multiplication, a comparison; one division more to report. Two
 * numbers of state: 17 bytes as a row of "100 a minute, burst 200", limit included.
 *
 * <p><b>Choose it</b> for most APIs: it allows bursts, then settles to a steady rate, and has no
 * boundary at which twice the limit fits.
 *
 * <p><b>Source.</b> Turner, "New directions in communications (or which way to the information
 * age?)", IEEE Communications Magazine 24(10), 1986; RFC 2697 section 3 for the metering form.
 */
public final class TokenBucket implements Algorithm<TokenBucketState> {
  /** At most to full. */
  @Override
  public TokenBucketState refund(
      Limit limit, TokenBucketState state, long takenAtMillis, long cost) {
    return new TokenBucketState(
        Meter.lowered(state.missing(), Meter.units(limit, cost)), state.lastMillis());
  }

  /** What is missing to be full. */
  @Override
  public long used(Limit limit, TokenBucketState state, long nowMillis) {
    return missing(limit, state, nowMillis);
  }

  /**
   * Without the hold the bucket would have been fuller by its cost, but never more than full: the
   * least that was missing since bounds what comes back.
   */
  @Override
  public TokenBucketState release(Limit limit, TokenBucketState state, Hold hold) {
    long units = Math.min(Meter.units(limit, hold.cost()), hold.leastUsed());
    return new TokenBucketState(Meter.lowered(state.missing(), units), state.lastMillis());
  }

  private static final TokenBucketState INITIAL = new TokenBucketState(0, 0);

  @Override
  public String name() {
    return "token_bucket";
  }

  @Override
  public Class<TokenBucketState> stateType() {
    return TokenBucketState.class;
  }

  @Override
  public boolean supportsBurst() {
    return true;
  }

  @Override
  public void validate(long requests, long periodMillis, long burst) {
    Meter.validate(requests, periodMillis, burst);
  }

  @Override
  public void validateState(Limit limit, TokenBucketState state) {
    Meter.validateLevel(limit, state.missing());
  }

  @Override
  public TokenBucketState initial() {
    return INITIAL;
  }

  @Override
  public Outcome<TokenBucketState> check(
      Limit limit, TokenBucketState state, long nowMillis, long cost) {
    if (!Meter.canEverFit(limit, cost)) {
      return new Outcome.NeverFits<>();
    }
    long missing = missing(limit, state, nowMillis);
    long excess = Meter.excess(limit, missing, cost);
    if (excess > 0) {
      return new Outcome.Denied<>(nowMillis + Meter.drainMillis(limit, excess));
    }
    return new Outcome.Admitted<>(
        new TokenBucketState(Meter.raised(limit, missing, cost), nowMillis), 0);
  }

  @Override
  public Usage usage(Limit limit, TokenBucketState state, long nowMillis) {
    return Meter.usage(limit, missing(limit, state, nowMillis), nowMillis);
  }

  @Override
  public long idleFromMillis(Limit limit, TokenBucketState state) {
    return state.lastMillis() + Meter.drainMillis(limit, state.missing());
  }

  /** Missing tokens stay missing, though not below empty. */
  @Override
  public TokenBucketState carryOver(Limit from, TokenBucketState state, Limit to, long nowMillis) {
    return new TokenBucketState(
        Meter.carriedOver(from, state.missing(), state.lastMillis(), to, nowMillis), nowMillis);
  }

  private static long missing(Limit limit, TokenBucketState state, long nowMillis) {
    return Meter.level(limit, state.missing(), state.lastMillis(), nowMillis);
  }
}
