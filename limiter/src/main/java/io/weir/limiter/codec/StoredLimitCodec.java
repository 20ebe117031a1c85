package io.weir.limiter.codec;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Hold;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
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
    out.writeByte(row.holds().isEmpty() ? VERSION : VERSION_WITH_HOLDS);
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
    if (!row.holds().isEmpty()) {
      writeHolds(row.holds(), out);
    }
    return out.toBytes();
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
    if (version != VERSION && version != VERSION_WITH_HOLDS) {
      throw new CodecException(
          "the row has version "
              + version
              + "; this release reads versions "
              + VERSION
              + " and "
              + VERSION_WITH_HOLDS
              + " only: a newer release may have written it");
    }
    StateFormat<?> format = readFormat(in);
    String name = format.isCustom() ? readCustomName(in) : format.algorithm();
    Algorithm<?> algorithm =
        algorithms.find(name).orElseThrow(() -> new CodecException(unknown(name)));
    try {
      Limit limit = readLimit(in, format, algorithm);
      LimitState state = format.read(in);
      List<Hold> holds = version == VERSION ? List.of() : readHolds(in);
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

  private static List<Hold> readHolds(RowReader in) {
    int size = in.readCount("the number of holds", Integer.MAX_VALUE);
    if (size == 0) {
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
