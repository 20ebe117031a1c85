package io.weir.limiter.plain;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.SlidingWindowCounter;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.plain.Cell.Step;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One limit for each of many keys: yes or no, now.
 *
 * <pre>{@code
 * KeyedLimiter<String> limiter = KeyedLimiter.of(Limit.tokenBucket(100, Duration.ofSeconds(1)));
 * if (limiter.tryAcquire("alice")) {
 *   serve();
 * }
 * }</pre>
 *
 * <p>This is the fast door, for who has one limit and wants no rules; {@link
 * io.weir.limiter.RateLimiter} is the one for rules, several limits at a time and decisions that
 * name them. Both decide alike, to the token, as the algorithms define it.
 *
 * <p><b>Cost.</b> {@code tryAcquire} allocates nothing for a key that is known (a sliding window
 * log grows until it has room for what its limit admits). It waits for no lock but while another
 * thread writes the same key's few numbers. Most of it is asking the system for the time, which
 * {@link TickingClock} saves, and looking for the key, which {@link #key} saves. A key takes some
 * 50 to 60 bytes besides itself, a log 80 and 16 for each entry; docs/performance.md has the
 * figures.
 *
 * <p><b>Keys</b> are what a {@link java.util.HashMap} would take: immutable, with {@code equals}
 * and {@code hashCode}; not null. Arrays, and objects of classes without these, have a limit for
 * each object. They are held until they go.
 *
 * <p><b>Time</b> is that of the clock in whole milliseconds, and {@code now = max(clock, newest
 * time seen - lateness, last admission of the key)}: a clock that is set back never takes tokens
 * away.
 *
 * <p><b>Expiry.</b> A key goes when present and absent decide alike for every time that can still
 * come. There is no thread for it: who adds a key looks at a few others, and once a millisecond at
 * most who asks for one does. So where nobody asks, nothing goes.
 *
 * <p><b>Bound.</b> {@code maxKeys} is never passed. Keys are in segments by their hash, each with
 * its share of the bound, and above that the key goes that would have gone soonest among a few,
 * which forgets what was used and so may admit too much for that one key; {@link #evictedKeys()}
 * counts these. As keys do not fall into the segments evenly, the first may go somewhat before
 * there are {@code maxKeys}.
 *
 * <p>Thread-safe. A request is judged and charged in one piece; a denied one takes nothing. A key
 * that is null is a {@link NullPointerException}, and takes nothing.
 *
 * @param <K> the type of the keys
 */
public final class KeyedLimiter<K> {
  private static final int MAX_SEGMENTS = 1 << 6;

  /** Fewer segments where the bound is small, so that each has something to choose from. */
  private static final int MIN_SHARE = 64;

  private static final int VISITED_PER_MILLI = 32;

  private static final String NULL_KEY =
      "the key is null; leave those without a key out, or give them one that they share";

  @SuppressWarnings("rawtypes") // there are no class literals of generic types
  private static final AtomicLongFieldUpdater<KeyedLimiter> NEWEST_MILLIS =
      AtomicLongFieldUpdater.newUpdater(KeyedLimiter.class, "newestMillis");

  private interface CellFactory {
    Cell create(Object key, int hash);
  }

  private final Limit limit;
  private final CellFactory factory;
  private final InstantSource clock;
  private final long latenessMillis;

  /** The most that can be admitted at one instant. */
  private final long most;

  private final KeySegment[] segments;
  private final LongAdder evictedKeys = new LongAdder();

  /** The newest time seen, in milliseconds since the epoch. */
  private volatile long newestMillis;

  private KeyedLimiter(Builder builder) {
    this.limit = builder.limit;
    this.factory = factoryOf(limit);
    this.clock = builder.clock;
    this.latenessMillis = builder.lateness.toMillis();
    this.most = limit.requests() == 0 ? 0 : limit.burst();
    long wanted = Math.min(MAX_SEGMENTS, Math.max(1, builder.maxKeys / MIN_SHARE));
    this.segments = new KeySegment[(int) wanted];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new KeySegment(limit, builder.maxKeys / segments.length);
    }
  }

  private static CellFactory factoryOf(Limit limit) {
    Algorithm<?> algorithm = limit.algorithm();
    if (algorithm instanceof TokenBucket || algorithm instanceof LeakyBucket) {
      return MeterCell::new;
    }
    if (algorithm instanceof FixedWindow) {
      return FixedWindowCell::new;
    }
    if (algorithm instanceof SlidingWindowLog) {
      return SlidingWindowLogCell::new;
    }
    if (algorithm instanceof SlidingWindowCounter) {
      return SlidingWindowCounterCell::new;
    }
    throw new IllegalArgumentException(
        "the algorithm "
            + algorithm.name()
            + " is none of the library's five, which alone are known here; give it to a"
            + " RateLimiter");
  }

  /**
   * A limiter with the defaults of {@link Builder}.
   *
   * @throws IllegalArgumentException if the limit's algorithm is not one of the library's five
   */
  public static <K> KeyedLimiter<K> of(Limit limit) {
    return builder(limit).build();
  }

  /** A builder with the defaults. */
  public static Builder builder(Limit limit) {
    return new Builder(limit);
  }

  /**
   * Takes one token of a key's if the limit admits it.
   *
   * @return whether it did; if not, nothing is taken
   */
  public boolean tryAcquire(K key) {
    return tryAcquire(key, 1);
  }

  /**
   * Takes so many tokens of a key's if the limit admits them all.
   *
   * @param cost how many; 0 is answered as 1 and takes nothing
   * @return whether it did; if not, nothing is taken. Above the limit's burst it never does
   * @throws IllegalArgumentException if the cost is below 0
   */
  public boolean tryAcquire(K key, long cost) {
    int hash = hashOf(key);
    if (!isOrdinary(cost)) {
      return tryAcquireExtraordinary(hash, key, cost);
    }
    long earliestMillis = see(millis());
    Cell cell = segmentOf(hash).find(hash, key);
    Step step = cell == null ? Step.DEAD : cell.tryAcquire(limit, earliestMillis, cost);
    return step == Step.DEAD
        ? tryAcquireAnew(hash, key, earliestMillis, cost, null)
        : step == Step.ADMITTED;
  }

  /** Takes one token as {@link #tryAcquire(Object)} does, and tells how the limit stands. */
  public PlainDecision check(K key) {
    return check(key, 1);
  }

  /**
   * Takes so many tokens as {@link #tryAcquire(Object, long)} does, and tells how the limit stands.
   *
   * @param cost how many; 0 is answered as 1 and takes nothing
   * @throws IllegalArgumentException if the cost is below 0
   */
  public PlainDecision check(K key, long cost) {
    return check(hashOf(key), key, cost);
  }

  /** Makes a call for one token of a key's, as {@link #guard(Object, long, Callable)} does. */
  public <T> T guard(K key, Callable<T> call) throws Exception {
    return guard(key, 1, call);
  }

  /**
   * Makes a call if the limit admits its cost; of a leaky bucket in its turn, for which the thread
   * waits. Who is interrupted meanwhile has not called, and the place in the queue stays taken.
   *
   * @param cost how many tokens; 0 is answered as 1 and takes nothing
   * @return what the call returns
   * @throws LimitExceededException if the limit does not admit it; then no call was made
   * @throws InterruptedException if the thread was interrupted while it waited; then no call was
   *     made
   * @throws Exception what the call throws
   * @throws IllegalArgumentException if the cost is below 0
   */
  public <T> T guard(K key, long cost, Callable<T> call) throws Exception {
    Objects.requireNonNull(call, "call");
    return Guarded.call(limit, key, check(key, cost), call);
  }

  /**
   * Makes a call if the limit admits its cost, and holds no thread meanwhile; of a leaky bucket in
   * its turn, by the pool of {@link CompletableFuture}. Who cancels the result before has not
   * called, and the place in the queue stays taken.
   *
   * @param cost how many tokens; 0 is answered as 1 and takes nothing
   * @return what the call's stage gives; fails with {@link LimitExceededException} if the limit
   *     does not admit it, and with what the call throws
   * @throws IllegalArgumentException if the cost is below 0
   */
  public <T> CompletableFuture<T> guardAsync(
      K key, long cost, Supplier<? extends CompletionStage<T>> call) {
    Objects.requireNonNull(call, "call");
    return Guarded.callAsync(limit, key, check(key, cost), call);
  }

  /** The limiter of one key, for who asks for it often: it finds its state without looking. */
  public PlainLimiter key(K key) {
    return new PlainLimiter(this, key, hashOf(key));
  }

  /** The limit that each key has. */
  public Limit limit() {
    return limit;
  }

  /** The number of keys that something is remembered of. */
  public long keys() {
    long keys = 0;
    for (KeySegment segment : segments) {
      synchronized (segment) {
        keys += segment.size();
      }
    }
    return keys;
  }

  /** The number of keys that were dropped before their time because there were too many. */
  public long evictedKeys() {
    return evictedKeys.sum();
  }

  /** Drops every key that decides nothing any more. Takes time in proportion to all keys. */
  public void expireIdle() {
    see(millis());
    for (KeySegment segment : segments) {
      synchronized (segment) {
        segment.expire(floorMillis());
      }
    }
  }

  /** Whether it is a cost that takes something, and the limit can ever admit. */
  boolean isOrdinary(long cost) {
    return cost > 0 && cost <= most;
  }

  /** Takes nothing, whatever comes of it: a peek, or a cost that never fits. */
  boolean tryAcquireExtraordinary(int hash, Object key, long cost) {
    if (cost > most) {
      see(millis());
      return false;
    }
    return check(hash, key, cost).isAllowed();
  }

  /**
   * Takes what a key needs that was not found, or whose cell is dead. While it holds the segment's
   * monitor no key there comes or goes.
   *
   * @param earliestMillis what {@link #see} said; the floor may have risen since, and what was
   *     dropped at a time is not judged at an earlier one
   */
  boolean tryAcquireAnew(
      int hash, Object key, long earliestMillis, long cost, @Nullable PlainLimiter holder) {
    KeySegment segment = segmentOf(hash);
    synchronized (segment) {
      Cell known = segment.find(hash, key);
      Cell cell = known == null ? factory.create(key, hash) : known;
      Step step = cell.tryAcquire(limit, Math.max(earliestMillis, floorMillis()), cost);
      if (known == null) {
        add(segment, cell);
      }
      if (holder != null) {
        holder.hold(cell);
      }
      return step == Step.ADMITTED;
    }
  }

  PlainDecision check(int hash, Object key, long cost) {
    if (cost < 0) {
      throw new IllegalArgumentException("cost is " + cost + "; it must be 0 or more");
    }
    long timestampMillis = millis();
    long earliestMillis = see(timestampMillis);
    KeySegment segment = segmentOf(hash);
    synchronized (segment) {
      Cell known = segment.find(hash, key);
      Cell cell = known == null ? factory.create(key, hash) : known;
      PlainDecision decision =
          cell.check(limit, timestampMillis, Math.max(earliestMillis, floorMillis()), cost);
      if (known == null && cost > 0 && decision.isAllowed()) {
        add(segment, cell);
      }
      return decision;
    }
  }

  /** To be called under the segment's monitor. */
  private void add(KeySegment segment, Cell cell) {
    if (segment.add(cell, floorMillis())) {
      evictedKeys.increment();
    }
  }

  /** The time now. */
  long millis() {
    return clock.millis();
  }

  /**
   * Sees a time.
   *
   * @return the earliest time that a request of that time may be judged at
   */
  long see(long timestampMillis) {
    long newest = newestMillis;
    if (timestampMillis > newest) {
      advance(timestampMillis);
      return timestampMillis;
    }
    return Math.max(timestampMillis, newest - latenessMillis);
  }

  /** Who sees a new time first has a look at some keys. */
  private void advance(long timestampMillis) {
    if (timestampMillis > LimitState.MAX_TIME_MILLIS) {
      throw new IllegalStateException(
          "the clock shows "
              + timestampMillis
              + " ms since the epoch; the latest that can be counted with is "
              + LimitState.MAX_TIME_MILLIS);
    }
    long known = NEWEST_MILLIS.getAndAccumulate(this, timestampMillis, Math::max);
    if (known < timestampMillis) {
      KeySegment segment = segmentOf(spread((int) timestampMillis));
      synchronized (segment) {
        segment.visit(VISITED_PER_MILLI, floorMillis());
      }
    }
  }

  /** The earliest time that can still come. */
  private long floorMillis() {
    return newestMillis - latenessMillis;
  }

  private static int hashOf(Object key) {
    return spread(Objects.requireNonNull(key, NULL_KEY).hashCode());
  }

  /** Spreads the hash over all bits (Fibonacci hashing, Knuth, TAOCP vol. 3, section 6.4). */
  private static int spread(int hash) {
    int product = hash * 0x9E3779B9;
    return product ^ (product >>> 16);
  }

  private KeySegment segmentOf(int hash) {
    return segments[(int) ((Integer.toUnsignedLong(hash) * segments.length) >>> Integer.SIZE)];
  }

  @Override
  public String toString() {
    return "KeyedLimiter[" + limit + "]";
  }

  /** Settings of a limiter. */
  public static final class Builder {
    private static final Duration MAX_LATENESS = Duration.ofDays(365);

    private final Limit limit;
    private InstantSource clock = InstantSource.system();
    private Duration lateness = Duration.ofMinutes(5);
    private long maxKeys = 1_000_000;

    private Builder(Limit limit) {
      this.limit = Objects.requireNonNull(limit);
    }

    /**
     * Where the time comes from; the system's clock by default. It may step back. Where it jumps
     * ahead and is corrected, the time that it showed less the lateness stays the earliest that
     * requests are judged at, until it is that late again.
     */
    public Builder clock(InstantSource newClock) {
      this.clock = newClock;
      return this;
    }

    /**
     * How far the clock may step back before requests are judged at a later time than it shows; 5
     * minutes by default. Keys are kept so much longer.
     *
     * @throws IllegalArgumentException if it is negative, or above 365 days
     */
    public Builder lateness(Duration newLateness) {
      if (newLateness.isNegative() || newLateness.compareTo(MAX_LATENESS) > 0) {
        throw new IllegalArgumentException(
            "lateness is "
                + Spans.exact(newLateness)
                + "; it must be from 0 to "
                + MAX_LATENESS.toDays()
                + " days");
      }
      this.lateness = newLateness;
      return this;
    }

    /**
     * The most keys to remember; 1,000,000 by default.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxKeys(long newMaxKeys) {
      if (newMaxKeys < 1) {
        throw new IllegalArgumentException("maxKeys is " + newMaxKeys + "; it must be 1 or more");
      }
      this.maxKeys = newMaxKeys;
      return this;
    }

    /**
     * The limiter.
     *
     * @throws IllegalArgumentException if the limit's algorithm is not one of the library's five
     */
    public <K> KeyedLimiter<K> build() {
      return new KeyedLimiter<>(this);
    }
  }
}
