package io.weir.limiter.codec;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;

/**
 * Rows of state to bytes and back: the only place that knows the bytes. Immutable and thread-safe.
 *
 * <p>A row is a version byte, the algorithm, the numbers of the limit, and the state, nearly all as
 * varints; docs/state-format.md has the table. Each row has exactly one form, and every byte string
 * that is not that form of some row is refused.
 */
public final class StoredLimitCodec {
  /** The version that is written, and the only one there is. */
  static final int VERSION = 1;

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
    out.writeByte(VERSION);
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
    if (version != VERSION) {
      throw new CodecException(
          "the row has version "
              + version
              + "; this release reads version "
              + VERSION
              + " only: a newer release may have written it");
    }
    StateFormat<?> format = readFormat(in);
    String name = format.isCustom() ? readCustomName(in) : format.algorithm();
    Algorithm<?> algorithm =
        algorithms.find(name).orElseThrow(() -> new CodecException(unknown(name)));
    try {
      Limit limit = readLimit(in, format, algorithm);
      StoredLimit row = new StoredLimit(limit, format.read(in));
      in.requireEnd();
      return row;
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

  private String unknown(String name) {
    return "there is no algorithm '" + name + "' here; known are " + algorithms.names();
  }
}
