package io.weir.limiter.redis;

import io.weir.limiter.codec.ScriptForm;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A limit that is judged by, and a cost, as the script reads them: what to look for, and how to
 * count. Without the identifier, so that questions about many share one. Immutable; two that the
 * script reads alike are equal.
 */
final class ScriptLimit {
  /** What stands in front of a row: length and time. */
  private static final int FRAME_BYTES = 9;

  private static final String FRAME_FORMAT = ">I3I6";

  /** Of a log: the time since, and the sum. */
  private static final int[] LOG_WIDTHS = {6, 7};

  /** Behind the key in place of numbers: no row has it. */
  private static final byte[] NO_NUMBERS = {0x1F};

  /** On top of the mode where nothing is taken. */
  private static final int PEEKS = 4;

  private static final int NOT_COUNTED = 0;
  private static final byte[] NO_BYTES = {};

  private final byte[] bytes;
  private final int hash;

  private ScriptLimit(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /**
   * A limit to judge by; where the script cannot count it exactly, to read.
   *
   * @param requestCost the tokens to take, unless the limit says its own; 0 peeks
   * @param maxDelayMillis the longest delay that would be waited for
   */
  static ScriptLimit judged(
      KeyText identifier, ApplicableLimit limit, long requestCost, long maxDelayMillis) {
    Optional<ScriptForm> form = ScriptForm.of(limit.limit());
    return form.isEmpty()
        ? read(identifier, limit)
        : counted(identifier, limit, form.get(), limit.cost(requestCost), maxDelayMillis);
  }

  /** A limit to read. */
  static ScriptLimit read(KeyText identifier, ApplicableLimit limit) {
    return new ScriptLimit(
        bytes(
            RowKeys.behind(identifier, limit.key()),
            NOT_COUNTED,
            0,
            NO_NUMBERS,
            FRAME_FORMAT,
            FRAME_BYTES,
            new ScriptNumbers(0, -1, 0),
            NO_BYTES));
  }

  private static ScriptLimit counted(
      KeyText identifier, ApplicableLimit limit, ScriptForm form, long cost, long maxDelayMillis) {
    byte[] key = RowKeys.behind(identifier, limit.key());
    boolean isLog = form.kind() == ScriptForm.Kind.LOG;
    int tailLength = key.length + form.numbers().length;
    StringBuilder format = new StringBuilder(FRAME_FORMAT).append('c').append(tailLength);
    int shortest = FRAME_BYTES + tailLength;
    for (int width : isLog ? LOG_WIDTHS : form.widths()) {
      format.append('I').append(width);
      shortest += width;
    }
    int mode =
        switch (limit.mode()) {
          case ENFORCED -> 0;
          case SHADOW -> 1;
          case QUOTA -> 2;
        };
    return new ScriptLimit(
        bytes(
            key,
            form.kind().number(),
            cost == 0 ? mode + PEEKS : mode,
            form.numbers(),
            format.toString(),
            shortest,
            ScriptNumbers.of(limit.limit(), form.kind(), Math.max(1, cost))
                .within(limit.limit(), maxDelayMillis),
            isLog ? ascii(entryFormat(form.widths())) : NO_BYTES));
  }

  private static byte[] bytes(
      byte[] key,
      int kind,
      int mode,
      byte[] numbers,
      String format,
      int shortest,
      ScriptNumbers counts,
      byte[] entry) {
    int tailLength = key.length + numbers.length;
    int entryBytes = entry.length == 0 ? 0 : 1 + entry.length;
    ByteBuffer out =
        ByteBuffer.allocate(
            3 + 3 * Short.BYTES + tailLength + format.length() + 3 * Double.BYTES + entryBytes);
    out.put((byte) kind).put((byte) mode);
    out.putShort(RowKeys.unsigned(key.length));
    out.putShort(RowKeys.unsigned(shortest));
    out.putShort(RowKeys.unsigned(tailLength)).put(key).put(numbers);
    out.put((byte) format.length()).put(ascii(format));
    counts.write(out);
    if (entryBytes > 0) {
      out.put((byte) entry.length).put(entry);
    }
    return out.array();
  }

  private static String entryFormat(int[] widths) {
    StringBuilder text = new StringBuilder(">");
    for (int width : widths) {
      text.append('I').append(width);
    }
    return text.toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The bytes that {@link #write} writes. */
  int size() {
    return bytes.length;
  }

  void write(ByteBuffer out) {
    out.put(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof ScriptLimit that
            && hash == that.hash
            && Arrays.equals(bytes, that.bytes));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
