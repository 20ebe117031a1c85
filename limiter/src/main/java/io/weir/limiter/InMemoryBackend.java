package io.weir.limiter;

import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps the state of limits on the heap. Thread-safe, bounded, expiring; without threads of its
 * own.
 *
 * <p><b>Atomicity.</b> Rows are in segments, an identifier's all in one, chosen by the identifier's
 * hash, and are read and written under the segment's monitor. A request with several identifiers
 * takes the monitors in order, so it is all or nothing and cannot deadlock.
 *
 * <p><b>Expiry.</b> A row goes when present and absent decide alike for every time that can still
 * come, which is from the newest time seen less the lateness on. That time is read under the
 * monitor, by who judges as by who drops, so nobody judges at an earlier one than a row was dropped
 * by. Writes pay for looking at a few old rows, so that garbage stays in proportion to traffic.
 *
 * <p><b>Bound.</b> {@code maxRows} is never passed. Each segment has its share, and above that the
 * row goes that would have expired soonest among a few, which forgets what was used and so may
 * admit too much for that one key; {@link #evictedRows()} counts these. As identifiers do not fall
 * into the segments evenly, the first rows may go somewhat before there are {@code maxRows}. The
 * bound is on rows, not bytes: a row of a sliding window log has as many times as its limit has
 * requests.
 */
public final class InMemoryBackend implements LimitBackend {
  private static final int MAX_SEGMENTS = 1 << 10;

  /** Fewer segments where the bound is small, so that each has something to choose from. */
  private static final int MIN_SHARE = 64;

  private final InstantSource clock;
  private final long latenessMillis;
  private final long maxRows;
  private final Judge judge = new Judge();
  private final Step check = judge::judge;
  private final LongAdder evictedRows = new LongAdder();

  /** The newest time seen, in milliseconds since the epoch: the stream time of this backend. */
  private final AtomicLong newestMillis = new AtomicLong();

  private final RowSegment[] segments;
  private volatile boolean closed;

  private InMemoryBackend(Builder builder) {
    this.clock = builder.clock;
    this.latenessMillis = builder.lateness.toMillis();
    this.maxRows = builder.maxRows;
    long wanted = Math.min(MAX_SEGMENTS, Math.max(1, builder.maxRows / MIN_SHARE));
    this.segments = new RowSegment[(int) wanted];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new RowSegment(builder.maxRows / segments.length);
    }
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Decision judge(Match match, long cost) {
    return step(match, cost, check);
  }

  @Override
  public Decision refund(Match match, long cost, long chargedAtMillis) {
    return step(match, cost, (refund, rows) -> judge.refund(refund, chargedAtMillis, rows));
  }

  /** Takes time in proportion to the segments that the identifiers are in. */
  @Override
  public Decision reset(Match match) {
    long timestampMillis = see();
    return holding(
        segmentsOf(match),
        () -> {
          Decision decision = judge.reset(match, timestampMillis, floorMillis());
          for (IdentifierLimits each : match.identifiers()) {
            segmentOf(each.identifierText())
                .removeAll(Identifiers.rowPrefix(each.identifierText()));
          }
          return decision;
        });
  }

  /** The number of rows held, one for each limit of each identifier. */
  public long rows() {
    long rows = 0;
    for (RowSegment segment : segments) {
      synchronized (segment) {
        rows += segment.size();
      }
    }
    return rows;
  }

  /** The number of rows that were dropped before their time because there were too many. */
  public long evictedRows() {
    return evictedRows.sum();
  }

  /** Drops every row that decides nothing any more. Takes time in proportion to all rows. */
  public void expireIdle() {
    see();
    for (RowSegment segment : segments) {
      synchronized (segment) {
        segment.expire(floorMillis());
      }
    }
  }

  /** Drops all rows. */
  @Override
  public void close() {
    closed = true;
    for (RowSegment segment : segments) {
      synchronized (segment) {
        segment.clear();
      }
    }
  }

  /** The time now, which is seen by that. */
  private long see() {
    long timestampMillis = clock.millis();
    if (timestampMillis > newestMillis.get()) {
      newestMillis.accumulateAndGet(timestampMillis, Math::max);
    }
    return timestampMillis;
  }

  /** The earliest time that may be judged at; to be asked for under the monitors. */
  private long floorMillis() {
    return newestMillis.get() - latenessMillis;
  }

  /** What is done to the rows of a request. */
  private interface Step {
    Judgement judge(Check check, Judge.Rows rows);
  }

  private Decision step(Match match, long cost, Step step) {
    long timestampMillis = see();
    List<IdentifierLimits> identifiers = match.identifiers();
    if (identifiers.size() == 1) {
      RowSegment segment = segmentOf(identifiers.get(0).identifierText());
      synchronized (segment) {
        return stepHolding(key -> segment, match, cost, timestampMillis, step);
      }
    }
    return holding(
        segmentsOf(match),
        () -> stepHolding(this::segmentOfRow, match, cost, timestampMillis, step));
  }

  /** Takes the monitors from the first on. */
  private Decision holding(List<RowSegment> ordered, Supplier<Decision> action) {
    if (ordered.isEmpty()) {
      requireOpen();
      return action.get();
    }
    synchronized (ordered.get(0)) {
      return holding(ordered.subList(1, ordered.size()), action);
    }
  }

  private Decision stepHolding(
      Function<KeyText, RowSegment> segmentOfRow,
      Match match,
      long cost,
      long timestampMillis,
      Step step) {
    requireOpen();
    long floorMillis = floorMillis();
    Judgement judgement =
        step.judge(
            Check.of(match, cost, timestampMillis, floorMillis),
            key -> segmentOfRow.apply(key).find(key));
    for (Judgement.Write write : judgement.writes()) {
      RowSegment segment = segmentOfRow.apply(write.key());
      if (segment.put(write.key(), write.row(), floorMillis)) {
        evictedRows.increment();
      }
    }
    return judgement.decision();
  }

  /** To be asked under the monitors. */
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the limiter is closed");
    }
  }

  private RowSegment segmentOf(KeyText identifier) {
    return segments[index(identifier)];
  }

  private RowSegment segmentOfRow(KeyText key) {
    return segmentOf(Identifiers.identifierOf(key));
  }

  private List<RowSegment> segmentsOf(Match match) {
    return match.identifiers().stream()
        .map(each -> index(each.identifierText()))
        .distinct()
        .sorted()
        .map(index -> segments[index])
        .toList();
  }

  /** Spreads the hash over the segments (Fibonacci hashing, Knuth, TAOCP vol. 3, section 6.4). */
  private int index(KeyText identifier) {
    long spread = Integer.toUnsignedLong(identifier.hashCode() * 0x9E3779B9);
    return (int) ((spread * segments.length) >>> Integer.SIZE);
  }

  @Override
  public String toString() {
    return "InMemoryBackend[at most " + maxRows + " rows" + (closed ? ", closed]" : "]");
  }

  /** Settings of the backend. */
  public static final class Builder {
    private static final Duration MAX_LATENESS = Duration.ofDays(365);

    private InstantSource clock = InstantSource.system();
    private Duration lateness = Duration.ofMinutes(5);
    private long maxRows = 1_000_000;

    private Builder() {}

    /**
     * Where the time comes from; the system's clock by default. It may step back. Where it jumps
     * ahead and is corrected, the time that it showed less the lateness stays the earliest that
     * requests are judged at, until it is that late again: what is used by then comes back only
     * after.
     */
    public Builder clock(InstantSource newClock) {
      this.clock = newClock;
      return this;
    }

    /**
     * How far the clock may step back before requests are judged at a later time than their own; 5
     * minutes by default. Rows are kept so much longer.
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
