package io.weir.limiter.redis;

import io.weir.limiter.codec.ScriptForm;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One limit of a question, as the script reads it: what to look for, and how to count. */
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

  private final ApplicableLimit limit;
  private final Optional<ScriptForm> form;
  private final int keyLength;
  private final byte[] numbers;
  private final byte[] format;
  private final byte[] entry;
  private final int shortest;

  private ScriptLimit(ApplicableLimit limit, Optional<ScriptForm> form, int keyLength) {
    this.limit = limit;
    this.form = form;
    this.keyLength = keyLength;
    if (form.isEmpty()) {
      numbers = NO_NUMBERS;
      format = ascii(FRAME_FORMAT);
      entry = NO_BYTES;
      shortest = FRAME_BYTES;
      return;
    }
    numbers = form.get().numbers();
    boolean isLog = form.get().kind() == ScriptForm.Kind.LOG;
    int[] state = isLog ? LOG_WIDTHS : form.get().widths();
    StringBuilder text = new StringBuilder(FRAME_FORMAT).append('c').append(tailLength());
    int length = FRAME_BYTES + tailLength();
    for (int width : state) {
      text.append('I').append(width);
      length += width;
    }
    format = ascii(text.toString());
    shortest = length;
    entry = isLog ? ascii(entryFormat(form.get().widths())) : NO_BYTES;
  }

  /** A limit to judge by; where the script cannot count it exactly, to read. */
  static ScriptLimit judged(KeyText identifier, ApplicableLimit limit) {
    return new ScriptLimit(
        limit, ScriptForm.of(limit.limit()), RowKeys.length(identifier, limit.key()));
  }

  /** A limit to read. */
  static ScriptLimit read(KeyText identifier, ApplicableLimit limit) {
    return new ScriptLimit(limit, Optional.empty(), RowKeys.length(identifier, limit.key()));
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

  private int tailLength() {
    return keyLength + numbers.length;
  }

  /** The bytes that {@link #write} writes. */
  int size() {
    int entryBytes = isLog() ? 1 + entry.length : 0;
    return 4 * Short.BYTES + 3 + 3 * Double.BYTES + tailLength() + format.length + entryBytes;
  }

  private boolean isLog() {
    return entry.length > 0;
  }

  /**
   * Writes it.
   *
   * @param number the number of its identifier
   * @param requestCost the tokens to take, unless the limit says its own; 0 peeks
   */
  void write(ByteBuffer out, int number, long requestCost) {
    long cost = limit.cost(requestCost);
    out.putShort(RowKeys.unsigned(number));
    out.put((byte) form.map(it -> it.kind().number()).orElse(NOT_COUNTED).intValue());
    int mode =
        switch (limit.mode()) {
          case ENFORCED -> 0;
          case SHADOW -> 1;
          case QUOTA -> 2;
        };
    out.put((byte) (cost == 0 ? mode + PEEKS : mode));
    out.putShort(RowKeys.unsigned(keyLength));
    out.putShort(RowKeys.unsigned(shortest));
    out.putShort(RowKeys.unsigned(tailLength()));
    out.put(limit.key().bytes(), limit.key().length() - keyLength, keyLength).put(numbers);
    out.put((byte) format.length).put(format);
    if (form.isPresent()) {
      ScriptNumbers.of(limit.limit(), form.get().kind(), Math.max(1, cost)).write(out);
    } else {
      new ScriptNumbers(0, -1, 0).write(out);
    }
    if (isLog()) {
      out.put((byte) entry.length).put(entry);
    }
  }
}
