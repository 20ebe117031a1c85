package io.weir.limiter;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.Match;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the state of limits on the heap. Thread-safe, bounded, expiring; without threads of its
 * own.
 *
 * <p><b>Atomicity.</b> An identifier's rows are read and written under one of a fixed number of
 * locks, chosen by the identifier's hash. A request with several identifiers takes their locks in
 * order, so it is all or nothing and cannot deadlock.
 *
 * <p><b>Expiry.</b> A row goes when present and absent decide alike for every time that can still
 * come, which is from the newest time seen less the lateness on. Each new row pays for looking at a
 * few old ones, so that garbage stays in proportion to traffic.
 *
 * <p><b>Bound.</b> Above {@code maxRows} the row goes that would have expired soonest among a few,
 * which forgets what was used and so may admit too much for that one key; {@link #evictedRows()}
 * counts these. Under concurrent use the bound may be passed by a few rows.
 */
public final class InMemoryBackend implements LimitBackend {
  private static final int LOCKS = 1 << 10;
  private static final int VISITED_PER_NEW_ROW = 4;
  private static final int VISITED_PER_EVICTION = 16;

  private final InstantSource clock;
  private final long latenessMillis;
  private final long maxRows;
  private final Judge judge = new Judge();
  private final Map<String, StoredLimit> rows = new ConcurrentHashMap<>();
  private final AtomicLong rowCount = new AtomicLong();
  private final AtomicLong evictedRows = new AtomicLong();

  /** The newest time seen, in milliseconds since the epoch: the stream time of this backend. */
  private final AtomicLong newestMillis = new AtomicLong();

  private final Object[] locks = new Object[LOCKS];
  private final ReentrantLock sweeping = new ReentrantLock();
  private Iterator<Map.Entry<String, StoredLimit>> cursor = rows.entrySet().iterator();
  private volatile boolean closed;

  private InMemoryBackend(Builder builder) {
    this.clock = builder.clock;
    this.latenessMillis = builder.lateness.toMillis();
    this.maxRows = builder.maxRows;
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new Object();
    }
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Decision judge(Match match, long cost) {
    if (closed) {
      throw new IllegalStateException("the limiter is closed");
    }
    long timestampMillis = clock.millis();
    long floorMillis = newestMillis(timestampMillis) - latenessMillis;
    Check check = check(match, cost, timestampMillis, floorMillis);
    long rowsBefore = rowCount.get();
    Decision decision =
        match.identifiers().size() == 1
            ? judgeUnder(lockOf(check.identifier()), check)
            : judgeUnder(locksOf(match), check);
    if (rowCount.get() > rowsBefore) {
      sweep(floorMillis);
    }
    return decision;
  }

  /** The number of rows held, one for each limit of each identifier. */
  public long rows() {
    return rowCount.get();
  }

  /** The number of rows that were dropped before their time because there were too many. */
  public long evictedRows() {
    return evictedRows.get();
  }

  /** Drops every row that decides nothing any more. Takes time in proportion to all rows. */
  public void expireIdle() {
    long floorMillis = newestMillis(clock.millis()) - latenessMillis;
    for (String stateKey : rows.keySet()) {
      drop(stateKey, floorMillis);
    }
  }

  /** Drops all rows. */
  @Override
  public void close() {
    closed = true;
    rows.clear();
    rowCount.set(0);
  }

  private static Check check(Match match, long cost, long timestampMillis, long floorMillis) {
    if (match.identifiers().isEmpty()) {
      throw new IllegalArgumentException("no limit applies; there is nothing to judge");
    }
    List<ApplicableLimit> limits = match.identifiers().get(0).limits();
    if (match.identifiers().size() > 1) {
      limits = new ArrayList<>();
      for (Match.IdentifierLimits each : match.identifiers()) {
        limits.addAll(each.limits());
      }
    }
    return new Check(
        match.identifiers().get(0).identifier(),
        limits,
        cost,
        timestampMillis,
        floorMillis,
        match.revision());
  }

  private long newestMillis(long timestampMillis) {
    long newest = newestMillis.get();
    return timestampMillis <= newest
        ? newest
        : newestMillis.accumulateAndGet(timestampMillis, Math::max);
  }

  private Decision judgeUnder(Object lock, Check check) {
    synchronized (lock) {
      Judgement judgement = judge.judge(check, key -> Optional.ofNullable(rows.get(key)));
      for (Judgement.Write write : judgement.writes()) {
        if (rows.put(write.stateKey(), write.row()) == null) {
          rowCount.incrementAndGet();
        }
      }
      return judgement.decision();
    }
  }

  /** Takes the locks from the first on, then judges. */
  private Decision judgeUnder(List<Object> ordered, Check check) {
    if (ordered.size() == 1) {
      return judgeUnder(ordered.get(0), check);
    }
    synchronized (ordered.get(0)) {
      return judgeUnder(ordered.subList(1, ordered.size()), check);
    }
  }

  private Object lockOf(String identifier) {
    return locks[lockIndex(identifier)];
  }

  private List<Object> locksOf(Match match) {
    return match.identifiers().stream()
        .map(each -> lockIndex(each.identifier()))
        .distinct()
        .sorted()
        .map(index -> locks[index])
        .toList();
  }

  private static int lockIndex(String identifier) {
    int hash = identifier.hashCode() * 0x9E3779B9;
    return hash >>> 22;
  }

  /** Looks at the next few rows; drops idle ones, and others where there are too many. */
  private void sweep(long floorMillis) {
    if (!sweeping.tryLock()) {
      return;
    }
    try {
      for (int i = 0; i < VISITED_PER_NEW_ROW; i++) {
        drop(nextKey(), floorMillis);
      }
      for (long excess = rowCount.get() - maxRows; excess > 0; excess--) {
        evictOne(floorMillis);
      }
    } finally {
      sweeping.unlock();
    }
  }

  private void evictOne(long floorMillis) {
    String victim = "";
    long soonestMillis = Long.MAX_VALUE;
    for (int i = 0; i < VISITED_PER_EVICTION; i++) {
      String key = nextKey();
      StoredLimit row = rows.get(key);
      if (row != null && !drop(key, floorMillis) && row.idleFromMillis() < soonestMillis) {
        soonestMillis = row.idleFromMillis();
        victim = key;
      }
    }
    if (rowCount.get() > maxRows && drop(victim, Long.MAX_VALUE)) {
      evictedRows.incrementAndGet();
    }
  }

  /** The key that the cursor stands at, starting over at the end; "" where there is no row. */
  private String nextKey() {
    if (!cursor.hasNext()) {
      cursor = rows.entrySet().iterator();
    }
    return cursor.hasNext() ? cursor.next().getKey() : "";
  }

  /** Drops a row that is idle from that time on at the latest. */
  private boolean drop(String stateKey, long idleByMillis) {
    int end = stateKey.indexOf('|');
    synchronized (lockOf(end < 0 ? stateKey : stateKey.substring(0, end))) {
      StoredLimit row = rows.get(stateKey);
      if (row == null || row.idleFromMillis() > idleByMillis) {
        return false;
      }
      rows.remove(stateKey);
      rowCount.decrementAndGet();
      return true;
    }
  }

  /** Settings of the backend. */
  public static final class Builder {
    private InstantSource clock = InstantSource.system();
    private Duration lateness = Duration.ofMinutes(5);
    private long maxRows = 1_000_000;

    private Builder() {}

    /** Where the time comes from; the system's clock by default. */
    public Builder clock(InstantSource newClock) {
      this.clock = newClock;
      return this;
    }

    /**
     * How far the clock may step back before requests are judged at a later time than their own; 5
     * minutes by default. Rows are kept so much longer.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder lateness(Duration newLateness) {
      if (newLateness.isNegative()) {
        throw new IllegalArgumentException("lateness is " + newLateness + "; it must be 0 or more");
      }
      this.lateness = newLateness;
      return this;
    }

    /**
     * The most rows to keep, one for each limit of each identifier; 1,000,000 by default.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxRows(long newMaxRows) {
      if (newMaxRows < 1) {
        throw new IllegalArgumentException("maxRows is " + newMaxRows + "; it must be 1 or more");
      }
      this.maxRows = newMaxRows;
      return this;
    }

    /** The backend. */
    public InMemoryBackend build() {
      return new InMemoryBackend(this);
    }
  }
}
