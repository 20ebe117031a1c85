package io.weir.limiter.redis;

import io.weir.limiter.codec.CodecException;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.KeyText;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One call of the script with all that is asked of it at once, and its answer. Immutable.
 *
 * <p>What is asked is: a time to judge at, or -1 for Redis's own; the earliest time to judge at;
 * how much longer than needed rows are kept; how many limits there are to judge by, and each of
 * them; how much is asked, and each of it; and some zeroes. The first three are doubles, the counts
 * are two bytes. Checks that come together mostly have their limit in common, so it is told once.
 */
final class ScriptCall {
  /** In place of a time: that of Redis. */
  static final long REDIS_TIME = -1;

  private static final byte[] NOTHING = {};
  private static final int HEAD_BYTES = 3 * Double.BYTES + 2 * Short.BYTES;

  /** The script reads two numbers ahead. */
  private static final int END_BYTES = 2 * Short.BYTES;

  private final List<Ask> asks;
  private final long floorMillis;
  private final byte[][] keys;
  private final byte[] asked;

  private ScriptCall(List<Ask> asks, long floorMillis, byte[][] keys, byte[] asked) {
    this.asks = asks;
    this.floorMillis = floorMillis;
    this.keys = keys;
    this.asked = asked;
  }

  /**
   * A call.
   *
   * @param asks what is asked, in this order
   * @param givenMillis the time to judge at, or {@link #REDIS_TIME}
   * @param floorMillis the earliest time to judge at
   * @param latenessMillis how much longer than needed rows are kept
   */
  static ScriptCall of(
      List<Ask> asks,
      RedisKeys redisKeys,
      long givenMillis,
      long floorMillis,
      long latenessMillis) {
    KeyNumbers keys = new KeyNumbers(redisKeys);
    LimitNumbers limits = new LimitNumbers();
    int[][] keyNumbers = new int[asks.size()][];
    int[][] limitNumbers = new int[asks.size()][];
    int size = HEAD_BYTES + END_BYTES;
    for (int i = 0; i < asks.size(); i++) {
      Ask ask = asks.get(i);
      keyNumbers[i] = keys.of(ask);
      limitNumbers[i] = limits.of(ask);
      size += ask.size();
    }
    byte[] asked = new byte[size + limits.size()];
    ByteBuffer out = ByteBuffer.wrap(asked);
    out.putDouble((double) givenMillis);
    out.putDouble((double) floorMillis).putDouble((double) latenessMillis);
    limits.write(out);
    out.putShort((short) asks.size());
    for (int i = 0; i < asks.size(); i++) {
      asks.get(i).write(out, keyNumbers[i], limitNumbers[i]);
    }
    return new ScriptCall(asks, floorMillis, keys.keys(), asked);
  }

  /** The keys of the call, none twice. */
  byte[][] keys() {
    return keys;
  }

  /** The argument of the call. */
  byte[] asked() {
    return asked;
  }

  /**
   * What came back.
   *
   * @param timeMillis Redis's time, in milliseconds since the epoch
   * @param found the answers, in the order of what was asked
   */
  record Answer(long timeMillis, List<Found> found) {}

  /**
   * What came back.
   *
   * @throws CodecException if they are not those of this call
   */
  Answer read(byte[] answer) {
    ByteBuffer in = ByteBuffer.wrap(answer);
    try {
      long timeMillis = (long) in.getDouble();
      List<Found> found = new ArrayList<>(asks.size());
      for (Ask ask : asks) {
        found.add(read(ask, timeMillis, answer, in));
      }
      if (in.hasRemaining()) {
        throw new CodecException(in.remaining() + " bytes follow the script's answer");
      }
      return new Answer(timeMillis, found);
    } catch (BufferUnderflowException e) {
      throw new CodecException("the script's answer is cut off", e);
    }
  }

  private Found read(Ask ask, long timeMillis, byte[] answer, ByteBuffer in) {
    Found.Result result = Found.Result.of(in.get());
    if (result == Found.Result.BROKEN) {
      byte[] fault = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(fault);
      return new Found(
          result, timeMillis, floorMillis, List.of(), new String(fault, StandardCharsets.UTF_8));
    }
    if (result == Found.Result.TOLD) {
      return told(ask, answer, in);
    }
    int count = ask.limits().size();
    List<byte[]> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(row(answer, in));
    }
    return new Found(result, timeMillis, floorMillis, rows, "");
  }

  /** What the script remembered, or the caller: under rules that may have changed since. */
  private static Found told(Ask ask, byte[] answer, ByteBuffer in) {
    int length = Byte.toUnsignedInt(in.get()) << 16 | Short.toUnsignedInt(in.getShort());
    int end = in.position() + length;
    long timeMillis = (long) in.getDouble();
    List<byte[]> rows = new ArrayList<>();
    while (in.position() < end) {
      rows.add(row(answer, in));
    }
    int count = ask.limits().size();
    if (rows.size() != count) {
      rows = Collections.nCopies(count, NOTHING);
    }
    return new Found(Found.Result.TOLD, timeMillis, 0, rows, "");
  }

  /** A row with its frame; nothing where three zeroes stand for none. */
  private static byte[] row(byte[] answer, ByteBuffer in) {
    int start = in.position();
    if (in.get() == 0 && in.getShort() == 0) {
      return NOTHING;
    }
    byte[] row = new byte[ScriptRowCodec.frameLength(answer, start)];
    in.position(start).get(row);
    return row;
  }

  /** Numbers the limits of a call, from 1. */
  private static final class LimitNumbers {
    private final Map<ScriptLimit, Integer> known = new LinkedHashMap<>();
    private int size;

    int[] of(Ask ask) {
      List<ScriptLimit> limits = ask.limits();
      int[] numbers = new int[limits.size()];
      for (int i = 0; i < numbers.length; i++) {
        ScriptLimit limit = limits.get(i);
        Integer number = known.get(limit);
        numbers[i] = number == null ? add(limit) : number;
      }
      return numbers;
    }

    private int add(ScriptLimit limit) {
      known.put(limit, known.size() + 1);
      size += limit.size();
      return known.size();
    }

    /** The bytes of all of them, without their count. */
    int size() {
      return size;
    }

    void write(ByteBuffer out) {
      out.putShort(RowKeys.unsigned(known.size()));
      for (ScriptLimit limit : known.keySet()) {
        limit.write(out);
      }
    }
  }

  /** Numbers the keys of a call, from 1. */
  private static final class KeyNumbers {
    private final RedisKeys redisKeys;
    private final List<byte[]> keys = new ArrayList<>();
    private final Map<KeyText, Integer> known = new HashMap<>();
    private final Map<RequestKey, Integer> knownNames = new HashMap<>();

    private record RequestKey(KeyText identifier, String requestName) {}

    KeyNumbers(RedisKeys redisKeys) {
      this.redisKeys = redisKeys;
    }

    /** Those of its identifiers, and behind them that of what is to be done once. */
    int[] of(Ask ask) {
      List<KeyText> identifiers = ask.identifiers();
      int[] numbers = new int[identifiers.size() + (ask.requestName().isPresent() ? 1 : 0)];
      for (int i = 0; i < identifiers.size(); i++) {
        numbers[i] = number(identifiers.get(i));
      }
      if (ask.requestName().isPresent()) {
        numbers[identifiers.size()] = number(identifiers.get(0), ask.requestName().get());
      }
      return numbers;
    }

    private int number(KeyText identifier, String requestName) {
      return knownNames.computeIfAbsent(
          new RequestKey(identifier, requestName),
          unknown -> {
            keys.add(redisKeys.key(identifier, requestName));
            return keys.size();
          });
    }

    private int number(KeyText identifier) {
      Integer number = known.get(identifier);
      return number == null ? add(identifier) : number;
    }

    private int add(KeyText identifier) {
      keys.add(redisKeys.key(identifier));
      known.put(identifier, keys.size());
      return keys.size();
    }

    byte[][] keys() {
      return keys.toArray(new byte[0][]);
    }
  }
}
