package io.weir.limiter.codec;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Hold;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.StoredLimit;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of state to bytes and back: the only place that knows the bytes. Immutable and thread-safe.
 *
 * <p>A row is a version byte, the algorithm, the numbers of the limit, and the state, nearly all as
 * varints; docs/state-format.md has the table. Each row has exactly one form, and every byte string
 * that is not that form of some row is refused.
 */
public final class StoredLimitCodec {
  /** Of rows that hold nothing. */
  static final int VERSION = 1;

  /** Of rows with holds, which follow the state. */
  static final int VERSION_WITH_HOLDS = 2;

  /** Of logs whose newest entry was given back: the time of it and the holds follow the state. */
  static final int VERSION_WITH_TIME = 3;

  private static final int MAX_NAME_LENGTH = 64;

  private final Algorithms algorithms;

  /** A codec for rows of the given algorithms. */
  public StoredLimitCodec(Algorithms algorithms) {
    this.algorithms = algorithms;
  }

  /**
   * The bytes of a row.
   *
   * @throws IllegalArgumentException if the limit's algorithm is none of the codec's: the row could
   *     not be read again
   */
  public byte[] encode(StoredLimit row) {
    Limit limit = row.limit();
    String name = limit.algorithm().name();
    if (algorithms.find(name).isEmpty()) {
      throw new IllegalArgumentException(unknown(name));
    }
    StateFormat<?> format = StateFormats.builtIn(name).orElse(StateFormats.CUSTOM);
    if (!format.type().isInstance(row.state())) {
      throw new IllegalArgumentException(
          "the limit's algorithm '" + name + "' is not the built-in one of that name");
    }
    RowWriter out = new RowWriter();
    int version = version(row);
    out.writeByte(version);
    out.writeByte(format.id());
    if (format.isCustom()) {
      out.writeAscii(name);
    }
    out.writeUnsigned(limit.requests());
    out.writeUnsigned(limit.periodMillis());
    if (format.hasBurst()) {
      out.writeUnsigned(limit.burst());
    }
    format.write(row.state(), out);
    if (version == VERSION_WITH_TIME) {
      out.writeUnsigned(millisSinceNewest(row.state()) - 1);
    }
    if (version != VERSION) {
      writeHolds(row.holds(), out);
    }
    return out.toBytes();
  }

  private static int version(StoredLimit row) {
    if (millisSinceNewest(row.state()) > 0) {
      return VERSION_WITH_TIME;
    }
    return row.holds().isEmpty() ? VERSION : VERSION_WITH_HOLDS;
  }

  /** From the newest entry of a log to its last admission; 0 unless that was given back. */
  private static long millisSinceNewest(LimitState state) {
    return state instanceof SlidingWindowLogState log ? log.lastMillis() - log.newestMillis() : 0;
  }

  /**
   * The row that {@link #encode} made these bytes of.
   *
   * @throws CodecException if the bytes are no row: an unknown version or algorithm, numbers that
   *     are cut off, too long, left over or refused by the limit or the state
   */
  public StoredLimit decode(byte[] bytes) {
    RowReader in = new RowReader(bytes);
    int version = in.readByte("the version");
    if (version < VERSION || version > VERSION_WITH_TIME) {
      throw new CodecException(
          "the row has version "
              + version
              + "; this release reads versions "
              + VERSION
              + " to "
              + VERSION_WITH_TIME
              + " only: a newer release may have written it");
    }
    StateFormat<?> format = readFormat(in);
    String name = format.isCustom() ? readCustomName(in) : format.algorithm();
    Algorithm<?> algorithm =
        algorithms.find(name).orElseThrow(() -> new CodecException(unknown(name)));
    try {
      Limit limit = readLimit(in, format, algorithm);
      LimitState state = format.read(in);
      if (version == VERSION_WITH_TIME) {
        state = readTime(state, in);
      }
      List<Hold> holds = version == VERSION ? List.of() : readHolds(version, in);
      in.requireEnd();
      return new StoredLimit(limit, state, holds);
    } catch (IllegalArgumentException e) {
      throw new CodecException("the row holds what is refused: " + e.getMessage(), e);
    }
  }

  private static StateFormat<?> readFormat(RowReader in) {
    int id = in.readByte("the algorithm");
    return StateFormats.find(id)
        .orElseThrow(() -> new CodecException("algorithm number " + id + " is not known"));
  }

  private static String readCustomName(RowReader in) {
    String name = in.readAscii("the algorithm's name", MAX_NAME_LENGTH);
    if (StateFormats.builtIn(name).isPresent()) {
      throw new CodecException("the built-in algorithm '" + name + "' is written as a custom one");
    }
    return name;
  }

  private static Limit readLimit(RowReader in, StateFormat<?> format, Algorithm<?> algorithm) {
    long requests = in.readUnsigned("requests");
    long periodMillis = in.readUnsigned("the period");
    long burst = format.hasBurst() ? in.readUnsigned("the burst") : requests;
    return new Limit(algorithm, requests, periodMillis, burst);
  }

  private static LimitState readTime(LimitState state, RowReader in) {
    if (state instanceof SlidingWindowLogState log) {
      long since = in.readUnsigned("the time since the newest entry") + 1;
      // A sum that overflows comes out negative, which no log takes.
      return log.withLastMillis(log.newestMillis() + since);
    }
    throw new CodecException("the row has version 3, but only those of sliding_window_log can");
  }

  private static void writeHolds(List<Hold> holds, RowWriter out) {
    out.writeUnsigned(holds.size());
    for (Hold hold : holds) {
      out.writeSigned(hold.id().high());
      out.writeSigned(hold.id().low());
      out.writeUnsigned(hold.atMillis());
      out.writeUnsigned(hold.cost());
      out.writeUnsigned(hold.leastUsed());
    }
  }

  private static List<Hold> readHolds(int version, RowReader in) {
    int size = in.readCount("the number of holds", Integer.MAX_VALUE);
    if (size == 0 && version == VERSION_WITH_HOLDS) {
      throw new CodecException(
          "the row has version 2 and no holds; without any it is of version 1");
    }
    List<Hold> holds = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      HoldId id = new HoldId(in.readSigned("a hold's id"), in.readSigned("a hold's id"));
      holds.add(
          new Hold(
              id,
              in.readUnsigned("a hold's time"),
              in.readUnsigned("a hold's cost"),
              in.readUnsigned("the least used since a hold")));
    }
    return holds;
  }

  private String unknown(String name) {
    return "there is no algorithm '" + name + "' here; known are " + algorithms.names();
  }
}
