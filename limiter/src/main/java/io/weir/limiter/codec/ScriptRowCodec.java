package io.weir.limiter.codec;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.LeakyBucketState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rows in the form that scripts count with: numbers of fixed width, so that none has to be searched
 * for. docs/state-format.md has the table. Rows that have no such form ({@link ScriptForm}), or
 * that hold tokens, are written as {@link StoredLimitCodec} writes them, in the same frame.
 * Immutable and thread-safe.
 *
 * <p>A frame is the length of what follows the time (3 bytes), the time from which on the row is
 * idle (6 bytes), the key of the row, and the row. A value is frame behind frame.
 */
public final class ScriptRowCodec {
  private static final int LENGTH_BYTES = 3;
  private static final int TIME_BYTES = 6;
  private static final int FRAME_BYTES = LENGTH_BYTES + TIME_BYTES;
  private static final int SUM_BYTES = 7;

  /** Keys are printable; what follows a key begins with a byte below. */
  private static final int FIRST_PRINTABLE = 0x20;

  private final Algorithms algorithms;
  private final StoredLimitCodec others;

  /** A codec for rows of the given algorithms. */
  public ScriptRowCodec(Algorithms algorithms) {
    this.algorithms = algorithms;
    this.others = new StoredLimitCodec(algorithms);
  }

  /**
   * A row of a value.
   *
   * @param key what distinguishes it from the other rows of the value
   * @param row the row
   */
  public record KeyedRow(String key, StoredLimit row) {}

  /**
   * The bytes of a row, with its frame.
   *
   * @param key what distinguishes it from the other rows of the value, printable ASCII
   * @throws IllegalArgumentException if the limit's algorithm is none of the codec's, or the row is
   *     too long
   */
  public byte[] encode(byte[] key, StoredLimit row) {
    byte[] body = body(row);
    RowWriter out = new RowWriter();
    out.writeFixed(key.length + body.length, LENGTH_BYTES);
    out.writeFixed(idleFromMillis(row), TIME_BYTES);
    out.writeBytes(key);
    out.writeBytes(body);
    return out.toBytes();
  }

  /** As late as can be written, where it is later. */
  private static long idleFromMillis(StoredLimit row) {
    return Math.min(row.idleFromMillis(), ScriptForm.LAST_TIME_MILLIS);
  }

  private byte[] body(StoredLimit row) {
    return scriptBody(row).orElseGet(() -> others.encode(row));
  }

  /** Empty where the row has no form for scripts, or a number that does not fit it. */
  private static Optional<byte[]> scriptBody(StoredLimit row) {
    if (!row.holds().isEmpty() || row.idleFromMillis() > ScriptForm.LAST_TIME_MILLIS) {
      return Optional.empty();
    }
    return ScriptForm.of(row.limit()).flatMap(form -> scriptBody(form, row));
  }

  private static Optional<byte[]> scriptBody(ScriptForm form, StoredLimit row) {
    RowWriter out = new RowWriter();
    out.writeBytes(form.numbers());
    boolean fits =
        row.state() instanceof SlidingWindowLogState log
            ? writeLog(out, form, log, row.idleFromMillis())
            : writeNumbers(out, form, numbers(row));
    return fits ? Optional.of(out.toBytes()) : Optional.empty();
  }

  /** The numbers of a state other than a log. */
  private static long[] numbers(StoredLimit row) {
    LimitState state = row.state();
    long sinceMillis = row.idleFromMillis() - state.lastMillis();
    if (state instanceof TokenBucketState bucket) {
      return new long[] {bucket.missing()};
    }
    if (state instanceof LeakyBucketState bucket) {
      return new long[] {bucket.queued()};
    }
    if (state instanceof FixedWindowState window) {
      return new long[] {sinceMillis, window.count()};
    }
    SlidingWindowCounterState counter = (SlidingWindowCounterState) state;
    return new long[] {sinceMillis, counter.current(), counter.previous()};
  }

  private static boolean writeNumbers(RowWriter out, ScriptForm form, long[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (!RowWriter.fits(numbers[i], form.width(i))) {
        return false;
      }
      out.writeFixed(numbers[i], form.width(i));
    }
    return true;
  }

  private static boolean writeLog(
      RowWriter out, ScriptForm form, SlidingWindowLogState log, long idleMillis) {
    long sum = 0;
    for (int i = 0; i < log.size(); i++) {
      sum += log.cost(i);
    }
    if (!RowWriter.fits(sum, SUM_BYTES)) {
      return false;
    }
    out.writeFixed(idleMillis - log.lastMillis(), TIME_BYTES);
    out.writeFixed(sum, SUM_BYTES);
    for (int i = 0; i < log.size(); i++) {
      if (!writeNumbers(out, form, new long[] {log.timeMillis(i), log.cost(i)})) {
        return false;
      }
    }
    return true;
  }

  /**
   * The rows of a value, in their order.
   *
   * @throws CodecException if the bytes are no such rows
   */
  public List<KeyedRow> decodeAll(byte[] value) {
    List<KeyedRow> rows = new ArrayList<>();
    int from = 0;
    while (from < value.length) {
      int to = from + frameLength(value, from);
      byte[] frame = Arrays.copyOfRange(value, from, to);
      int key = keyEnd(frame);
      rows.add(
          new KeyedRow(
              new String(frame, FRAME_BYTES, key - FRAME_BYTES, StandardCharsets.US_ASCII),
              decode(frame)));
      from = to;
    }
    return rows;
  }

  /**
   * The length of a row with its frame.
   *
   * @param bytes what holds it
   * @param from where it begins
   * @throws CodecException if it is cut off
   */
  public static int frameLength(byte[] bytes, int from) {
    RowReader in = new RowReader(bytes, from);
    long length = FRAME_BYTES + in.readFixed("the length", LENGTH_BYTES);
    if (length > bytes.length - from) {
      throw new CodecException(
          "a row of " + length + " bytes begins where only " + (bytes.length - from) + " follow");
    }
    return (int) length;
  }

  /**
   * The row that {@link #encode} made these bytes of.
   *
   * @throws CodecException if the bytes are no row
   */
  public StoredLimit decode(byte[] frame) {
    if (frameLength(frame, 0) < frame.length) {
      throw new CodecException("more bytes follow the end of the row");
    }
    long idleMillis = new RowReader(frame, LENGTH_BYTES).readFixed("a time", TIME_BYTES);
    int body = keyEnd(frame);
    StoredLimit row;
    try {
      row = decodeBody(frame, body, idleMillis);
    } catch (IllegalArgumentException e) {
      throw new CodecException("the row holds what is refused: " + e.getMessage(), e);
    }
    if (idleFromMillis(row) != idleMillis) {
      throw new CodecException("the row says that it is idle from another time than it is");
    }
    return row;
  }

  private StoredLimit decodeBody(byte[] frame, int body, long idleMillis) {
    int id = ScriptForm.algorithmId(frame[body]);
    if (id == 0) {
      StoredLimit row = others.decode(Arrays.copyOfRange(frame, body, frame.length));
      if (scriptBody(row).isPresent()) {
        throw new CodecException("the row is not written as scripts read it, though it could be");
      }
      return row;
    }
    StateFormat<?> format =
        StateFormats.find(id)
            .orElseThrow(() -> new CodecException("algorithm number " + id + " is not known"));
    return decode(new RowReader(frame, body + 1), format, idleMillis);
  }

  private StoredLimit decode(RowReader in, StateFormat<?> format, long idleMillis) {
    Algorithm<?> algorithm = algorithms.find(format.algorithm()).orElseThrow();
    long requests = in.readUnsigned("requests");
    long periodMillis = in.readUnsigned("the period");
    long burst = format.hasBurst() ? in.readUnsigned("the burst") : requests;
    Limit limit = new Limit(algorithm, requests, periodMillis, burst);
    ScriptForm form =
        ScriptForm.of(limit)
            .orElseThrow(() -> new CodecException(limit + " has no form for scripts"));
    LimitState state = readState(in, format, form, limit, idleMillis);
    in.requireEnd();
    return new StoredLimit(limit, state);
  }

  private static LimitState readState(
      RowReader in, StateFormat<?> format, ScriptForm form, Limit limit, long idleMillis) {
    if (form.kind() == ScriptForm.Kind.BUCKET) {
      long level = in.readFixed("the level", form.width(0));
      long lastMillis = idleMillis - drainMillis(level, limit.unitsPerMilli());
      return format.type().equals(TokenBucketState.class)
          ? new TokenBucketState(level, lastMillis)
          : new LeakyBucketState(level, lastMillis);
    }
    if (form.kind() == ScriptForm.Kind.LOG) {
      return readLog(in, form, idleMillis);
    }
    long lastMillis = idleMillis - in.readFixed("the time since", form.width(0));
    long tokens = in.readFixed("the tokens", form.width(1));
    return form.kind() == ScriptForm.Kind.WINDOW
        ? new FixedWindowState(tokens, lastMillis)
        : new SlidingWindowCounterState(
            tokens, in.readFixed("the tokens before", form.width(2)), lastMillis);
  }

  /** Rounded up; a level that never drains is refused by its limit. */
  private static long drainMillis(long level, long unitsPerMilli) {
    return level == 0 || unitsPerMilli == 0 ? 0 : (level - 1) / unitsPerMilli + 1;
  }

  private static SlidingWindowLogState readLog(RowReader in, ScriptForm form, long idleMillis) {
    long lastMillis = idleMillis - in.readFixed("the time since", TIME_BYTES);
    long sum = in.readFixed("the tokens", SUM_BYTES);
    int size = in.left() / (form.width(0) + form.width(1));
    long[] times = new long[size];
    long[] costs = new long[size];
    for (int i = 0; i < size; i++) {
      times[i] = in.readFixed("the time of an entry", form.width(0));
      costs[i] = in.readFixed("the tokens of an entry", form.width(1));
      sum -= costs[i];
    }
    if (sum != 0) {
      throw new CodecException("the tokens of the entries are not what the log says");
    }
    return SlidingWindowLogState.of(times, costs).withLastMillis(lastMillis);
  }

  private static int keyEnd(byte[] frame) {
    int at = FRAME_BYTES;
    while (at < frame.length && frame[at] >= FIRST_PRINTABLE) {
      at++;
    }
    if (at >= frame.length) {
      throw new CodecException("the row ends with its key");
    }
    return at;
  }
}
