package io.weir.limiter.codec;

import io.weir.limiter.algorithm.Limit;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a script in a store of keys and values, such as Redis, keeps the state of a limit: the
 * numbers that stand in front of it and the widths of those that it consists of. Immutable and
 * thread-safe.
 *
 * <p>Scripts count in doubles, which hold whole numbers up to 2^53 exactly. A limit whose
 * arithmetic may go beyond has no such form, nor has one by an algorithm of the user's own.
 */
public final class ScriptForm {
  /** Whole numbers below this are exact as doubles, and so are their remainders in Lua. */
  static final long EXACT_BELOW = 1L << 52;

  /** The latest time that fits six bytes, in milliseconds since the epoch: the year 10889. */
  static final long LAST_TIME_MILLIS = (1L << 48) - 1;

  /** The longest that a row may take to be idle; so much may be added to times before 6429. */
  private static final long LONGEST_MILLIS = 1L << 47;

  private static final int TIME_BYTES = 6;

  /** Bytes of numbers that are below {@link #EXACT_BELOW}. */
  private static final int EXACT_BYTES = 7;

  /** Told from the versions of {@link StoredLimitCodec}, which stand at the same place. */
  private static final int MARK = 0x10;

  private static final int ID_BITS = 0xF;

  /** What the script does with the state. The number is what it knows the kind by. */
  public enum Kind {
    /** A level that drains: token bucket and leaky bucket. */
    BUCKET(1),
    /** A count in a window. */
    WINDOW(2),
    /** The counts in two windows. */
    COUNTER(3),
    /** Times and tokens. */
    LOG(4);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** The number of the kind in the script. */
    public int number() {
      return number;
    }
  }

  private final Kind kind;
  private final byte[] numbers;
  private final int[] widths;

  private ScriptForm(Kind kind, byte[] numbers, int... widths) {
    this.kind = kind;
    this.numbers = numbers;
    this.widths = widths;
  }

  /** The form of a limit's state; empty where the script could not count exactly. */
  public static Optional<ScriptForm> of(Limit limit) {
    StateFormat<?> state =
        StateFormats.builtIn(limit.algorithm().name()).orElse(StateFormats.CUSTOM);
    return switch (state.algorithm()) {
      case "token_bucket", "leaky_bucket" -> bucket(limit, state);
      case "fixed_window" -> window(limit, state);
      case "sliding_window_counter" -> counter(limit, state);
      case "sliding_window_log" -> log(limit, state);
      default -> Optional.empty();
    };
  }

  private static Optional<ScriptForm> bucket(Limit limit, StateFormat<?> state) {
    long most = limit.burst() * limit.unitsPerToken();
    boolean isShort = most <= LONGEST_MILLIS || most / LONGEST_MILLIS < limit.unitsPerMilli();
    return most < EXACT_BELOW && isShort
        ? Optional.of(new ScriptForm(Kind.BUCKET, numbers(limit, state), width(most)))
        : Optional.empty();
  }

  private static Optional<ScriptForm> window(Limit limit, StateFormat<?> state) {
    return limit.requests() < EXACT_BELOW
        ? Optional.of(
            new ScriptForm(
                Kind.WINDOW,
                numbers(limit, state),
                width(limit.periodMillis()),
                width(limit.requests())))
        : Optional.empty();
  }

  /** What is left of an old limit's window may be any number that still weighs little. */
  private static Optional<ScriptForm> counter(Limit limit, StateFormat<?> state) {
    return limit.requests() <= (EXACT_BELOW - 1) / limit.periodMillis()
        ? Optional.of(
            new ScriptForm(
                Kind.COUNTER,
                numbers(limit, state),
                width(2 * limit.periodMillis()),
                width(limit.requests()),
                EXACT_BYTES))
        : Optional.empty();
  }

  private static Optional<ScriptForm> log(Limit limit, StateFormat<?> state) {
    return limit.requests() < EXACT_BELOW
        ? Optional.of(
            new ScriptForm(Kind.LOG, numbers(limit, state), TIME_BYTES, width(limit.requests())))
        : Optional.empty();
  }

  private static byte[] numbers(Limit limit, StateFormat<?> state) {
    RowWriter out = new RowWriter();
    out.writeByte(MARK | state.id());
    out.writeUnsigned(limit.requests());
    out.writeUnsigned(limit.periodMillis());
    if (state.hasBurst()) {
      out.writeUnsigned(limit.burst());
    }
    return out.toBytes();
  }

  /** The bytes of the numbers up to one. */
  private static int width(long most) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(most) + 7) / 8);
  }

  /** What the script does with the state. */
  public Kind kind() {
    return kind;
  }

  /** The numbers of the limit as a row has them, no two limits the same. Not to be changed. */
  public byte[] numbers() {
    return numbers;
  }

  /** The widths in bytes of the numbers that the state consists of, or an entry of a log. */
  public int[] widths() {
    return widths.clone();
  }

  /** The bytes of the numbers of the state, or of an entry of a log, in their order. */
  int width(int index) {
    return widths[index];
  }

  /** The number of the algorithm that a byte in front of a row's numbers stands for, or 0. */
  static int algorithmId(int mark) {
    return (mark & ~ID_BITS) == MARK ? mark & ID_BITS : 0;
  }

  @Override
  public String toString() {
    return kind + " " + Arrays.toString(widths);
  }
}
