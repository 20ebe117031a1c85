package io.weir.limiter.algorithm;

/**
 * Leaky bucket as a queue: a queue of {@code burst} places that drains at {@code requests} per
 * {@code period}. An admitted request is told its delay, the time until its turn at the fixed
 * outflow; who waits so long is shaped to a steady rate. A full queue denies.
 *
 * <p><b>Derivation.</b> The state is what is queued at the time of the last admission; later it is
 * that less the outflow since, at least 0, in the scaled units of {@link Limit#unitsPerToken()}.
 * The delay is what is queued ahead, divided by the outflow and rounded up. A place empties
 * continuously, not at once: half a period after one request of a "1 per second" queue, half a
 * place is free.
 *
 * <p><b>Bound.</b> The turn after a request of cost c is {@code c * period / requests} later or
 * more, before both are rounded up to milliseconds; admissions in any span of d milliseconds are at
 * most {@code burst + requests * d / period}.
 *
 * <p><b>Cost.</b> A division, a multiplication, one division more for the delay. Two numbers of
 * state: 15 bytes as a row of "100 a minute, 10 places", limit included.
 *
 * <p><b>Choose it</b> where what is protected wants an even flow, and callers can wait. Where they
 * cannot, choose {@link TokenBucket}: it admits the same requests and delays none.
 *
 * <p><b>Source.</b> Tanenbaum, Computer Networks, "The leaky bucket algorithm" (the queue form, as
 * opposed to the meter form of ITU-T I.371, which is the token bucket).
 */
public final class LeakyBucket implements Algorithm<LeakyBucketState> {
  /** Only of the request that was admitted last: who came after it has a turn already. */
  @Override
  public LeakyBucketState refund(
      Limit limit, LeakyBucketState state, long takenAtMillis, long cost) {
    return takenAtMillis == state.lastMillis() ? withoutTail(limit, state, cost) : state;
  }

  /** What is queued. */
  @Override
  public long used(Limit limit, LeakyBucketState state, long nowMillis) {
    return queued(limit, state, nowMillis);
  }

  /**
   * Only while it is the tail of the queue: nothing was admitted later, nor at the same time after
   * it. Else its slot is lost, because those behind it have their turns already.
   */
  @Override
  public LeakyBucketState release(Limit limit, LeakyBucketState state, Hold hold) {
    boolean isTail = hold.atMillis() == state.lastMillis() && hold.leastUsed() == state.queued();
    return isTail ? withoutTail(limit, state, hold.cost()) : state;
  }

  private static LeakyBucketState withoutTail(Limit limit, LeakyBucketState state, long cost) {
    return new LeakyBucketState(
        Meter.lowered(state.queued(), Meter.units(limit, cost)), state.lastMillis());
  }

  private static final LeakyBucketState INITIAL = new LeakyBucketState(0, 0);

  @Override
  public String name() {
    return "leaky_bucket";
  }

  @Override
  public Class<LeakyBucketState> stateType() {
    return LeakyBucketState.class;
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
  public void validateState(Limit limit, LeakyBucketState state) {
    Meter.validateLevel(limit, state.queued());
  }

  @Override
  public LeakyBucketState initial() {
    return INITIAL;
  }

  @Override
  public Outcome<LeakyBucketState> check(
      Limit limit, LeakyBucketState state, long nowMillis, long cost) {
    if (!Meter.canEverFit(limit, cost)) {
      return new Outcome.NeverFits<>();
    }
    long queued = queued(limit, state, nowMillis);
    long excess = Meter.excess(limit, queued, cost);
    if (excess > 0) {
      return new Outcome.Denied<>(nowMillis + Meter.drainMillis(limit, excess));
    }
    return new Outcome.Admitted<>(
        new LeakyBucketState(Meter.raised(limit, queued, cost), nowMillis),
        Meter.drainMillis(limit, queued));
  }

  @Override
  public Usage usage(Limit limit, LeakyBucketState state, long nowMillis) {
    return Meter.usage(limit, queued(limit, state, nowMillis), nowMillis);
  }

  @Override
  public long idleFromMillis(Limit limit, LeakyBucketState state) {
    return state.lastMillis() + Meter.drainMillis(limit, state.queued());
  }

  /** Queued units stay queued, though no more than the new queue has places. */
  @Override
  public LeakyBucketState carryOver(Limit from, LeakyBucketState state, Limit to, long nowMillis) {
    return new LeakyBucketState(
        Meter.carriedOver(from, state.queued(), state.lastMillis(), to, nowMillis), nowMillis);
  }

  private static long queued(Limit limit, LeakyBucketState state, long nowMillis) {
    return Meter.level(limit, state.queued(), state.lastMillis(), nowMillis);
  }
}
