package io.weir.limiter.redis;

import io.weir.limiter.Once;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that the script is asked to do, as the script reads it (judge.lua). Immutable: it may
 * be asked again, and together with others.
 */
final class Ask {
  /** A row to exchange. */
  static final class Swap {
    private final int identifier;
    private final byte[] key;
    private final byte[] expected;
    private final byte[] wanted;

    /**
     * A row to exchange.
     *
     * @param identifier whose it is, counted from 1
     * @param key its key behind the identifier
     * @param expected what it should be, with its frame; empty where there should be none
     * @param wanted what it should become
     */
    Swap(int identifier, byte[] key, byte[] expected, byte[] wanted) {
      this.identifier = identifier;
      this.key = key;
      this.expected = expected;
      this.wanted = wanted;
    }

    int size() {
      return SWAP_BYTES + key.length + expected.length + wanted.length;
    }

    void write(ByteBuffer out) {
      out.putShort(RowKeys.unsigned(identifier)).putShort(RowKeys.unsigned(key.length)).put(key);
      putRow(out, expected);
      putRow(out, wanted);
    }

    private static void putRow(ByteBuffer out, byte[] row) {
      putLength(out, row.length);
      out.put(row);
    }
  }

  private static final byte[] NOTHING = {};

  /** What three bytes can count. */
  private static final int MOST_BYTES = 0xFF_FFFF;

  /** Of the rows that are remembered of a request that was done. */
  private static final int MOST_TOLD_BYTES = 4_096;

  /** What stands for a row that there is not. */
  private static final byte[] NO_ROW = {0, 0, 0};

  private static final byte JUDGE = 1;
  private static final byte SWAP = 2;
  private static final byte FORGET = 3;

  /** On top of what is to be done once: to judge, or to exchange. */
  private static final byte ONCE = 3;

  /** What, and the number of parts. */
  private static final int HEAD_BYTES = 1 + Short.BYTES;

  /** What is known of something to be done once: a key, the horizon, the length of the rest. */
  private static final int ONCE_BYTES = Short.BYTES + Double.BYTES + 3;

  /** What is judged: the numbers of a key and of a limit. */
  private static final int PART_BYTES = 2 * Short.BYTES;

  /** A row to exchange without its texts. */
  private static final int SWAP_BYTES = 2 * Short.BYTES + 2 * 3;

  private final List<KeyText> identifiers;
  private final byte[] body;

  /** Where the numbers of keys are in the body. */
  private final int[] places;

  /** What its parts are judged by, each behind the number of its key; none where nothing is. */
  private final List<ScriptLimit> limits;

  private final Optional<String> requestName;

  private Ask(List<KeyText> identifiers, byte[] body, int[] places) {
    this(identifiers, body, places, List.of(), Optional.empty());
  }

  private Ask(
      List<KeyText> identifiers,
      byte[] body,
      int[] places,
      List<ScriptLimit> limits,
      Optional<String> requestName) {
    this.identifiers = identifiers;
    this.body = body;
    this.places = places;
    this.limits = limits;
    this.requestName = requestName;
  }

  /**
   * Judges a request.
   *
   * @param match the limits to judge by
   * @param cost the tokens to take of each limit that does not say its own; 0 peeks
   * @throws IllegalArgumentException if a key is longer than the script can take
   */
  static Ask check(Match match, long cost) {
    return limits(match, cost, true);
  }

  /** Reads the rows of limits, whatever they are. */
  static Ask read(Match match) {
    return limits(match, 0, false);
  }

  private static Ask limits(Match match, long cost, boolean judges) {
    List<KeyText> identifiers = new ArrayList<>(match.identifiers().size());
    List<ScriptLimit> limits = new ArrayList<>();
    for (IdentifierLimits each : match.identifiers()) {
      KeyText identifier = each.identifierText();
      identifiers.add(identifier);
      for (ApplicableLimit applicable : each.limits()) {
        limits.add(
            judges
                ? ScriptLimit.judged(identifier, applicable, cost, match.maxDelayMillis())
                : ScriptLimit.read(identifier, applicable));
      }
    }
    byte[] bytes = new byte[HEAD_BYTES + limits.size() * PART_BYTES];
    ByteBuffer body = ByteBuffer.wrap(bytes).put(JUDGE).putShort(RowKeys.unsigned(limits.size()));
    int[] places = new int[limits.size()];
    int next = 0;
    int number = 0;
    for (IdentifierLimits each : match.identifiers()) {
      number++;
      for (int i = 0; i < each.limits().size(); i++) {
        places[next] = body.position();
        body.putShort(RowKeys.unsigned(number)).putShort((short) 0);
        next++;
      }
    }
    return new Ask(identifiers, bytes, places, limits, Optional.empty());
  }

  /**
   * Exchanges rows, if all of them are still what they are thought to be.
   *
   * @param identifiers whose rows
   * @param swaps the rows, each of one of the identifiers, counted from 1; absent ones are empty
   */
  static Ask swap(List<KeyText> identifiers, List<Swap> swaps) {
    int size = HEAD_BYTES;
    for (Swap swap : swaps) {
      size += swap.size();
    }
    byte[] bytes = new byte[size];
    ByteBuffer body = ByteBuffer.wrap(bytes).put(SWAP).putShort(RowKeys.unsigned(swaps.size()));
    int[] places = new int[swaps.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = body.position();
      swaps.get(i).write(body);
    }
    return new Ask(identifiers, bytes, places);
  }

  /** This, unless it was done before: then the time and the rows of then are told. */
  Ask once(Once once) {
    return once(once, NOTHING);
  }

  /**
   * This exchange, unless it was done before.
   *
   * @param found what was found before it: what is told where it comes again
   */
  Ask once(Once once, Found found) {
    List<byte[]> rows = found.rows();
    int size = size(rows);
    if (size > MOST_TOLD_BYTES) {
      // As a long log: then only the time is remembered, and told as if nothing had been used.
      rows = List.of();
      size = 0;
    }
    ByteBuffer telling = ByteBuffer.allocate(3 + Double.BYTES + size).position(3);
    telling.putDouble((double) Math.max(found.timeMillis(), found.floorMillis()));
    for (byte[] row : rows) {
      telling.put(row.length == 0 ? NO_ROW : row);
    }
    int length = telling.position() - 3;
    putLength(telling.flip(), length);
    byte[] bytes = new byte[telling.limit()];
    telling.rewind().get(bytes);
    return once(once, bytes);
  }

  private static int size(List<byte[]> rows) {
    int size = 0;
    for (byte[] row : rows) {
      size += Math.max(row.length, NO_ROW.length);
    }
    return size;
  }

  private Ask once(Once once, byte[] telling) {
    int more = ONCE_BYTES + telling.length;
    byte[] bytes = new byte[body.length + more];
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.put((byte) (body[0] + ONCE)).put(body, 1, HEAD_BYTES - 1);
    out.putShort(RowKeys.unsigned(identifiers.size() + 1));
    out.putDouble((double) once.horizon().toMillis());
    putLength(out, bytes.length - HEAD_BYTES - ONCE_BYTES);
    out.put(telling).put(body, HEAD_BYTES, body.length - HEAD_BYTES);
    int[] newPlaces = new int[places.length + 1];
    for (int i = 0; i < places.length; i++) {
      newPlaces[i] = places[i] + more;
    }
    newPlaces[places.length] = HEAD_BYTES;
    return new Ask(identifiers, bytes, newPlaces, limits, Optional.of(once.requestName()));
  }

  /**
   * A length in three bytes.
   *
   * @throws IdentifierException if it does not fit them
   */
  private static void putLength(ByteBuffer out, int length) {
    if (length > MOST_BYTES) {
      throw new IdentifierException(
          "the request meets too many limits, or too long logs: with state in Redis, its rows may"
              + " have "
              + MOST_BYTES
              + " bytes");
    }
    out.put((byte) (length >>> 16)).putShort((short) length);
  }

  /** Removes all rows of identifiers. */
  static Ask forget(List<KeyText> identifiers) {
    int count = identifiers.size();
    byte[] bytes = new byte[HEAD_BYTES + count * Short.BYTES];
    ByteBuffer body = ByteBuffer.wrap(bytes).put(FORGET).putShort(RowKeys.unsigned(count));
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = body.position();
      body.putShort(RowKeys.unsigned(i + 1));
    }
    return new Ask(identifiers, bytes, places);
  }

  /** Whose rows it is about. */
  List<KeyText> identifiers() {
    return identifiers;
  }

  /** The name of the request that is to be done once. */
  Optional<String> requestName() {
    return requestName;
  }

  /** What its parts are judged by, in their order; a row is answered for each. */
  List<ScriptLimit> limits() {
    return limits;
  }

  int size() {
    return body.length;
  }

  /**
   * Writes it.
   *
   * @param numbers the numbers that the identifiers have among the keys of the call, and behind
   *     them that of the request's name
   * @param limitNumbers the numbers that {@link #limits} have among those of the call
   */
  void write(ByteBuffer out, int[] numbers, int[] limitNumbers) {
    int start = out.position();
    out.put(body);
    for (int place : places) {
      int local = Short.toUnsignedInt(out.getShort(start + place));
      out.putShort(start + place, RowKeys.unsigned(numbers[local - 1]));
    }
    for (int i = 0; i < limitNumbers.length; i++) {
      out.putShort(start + places[i] + Short.BYTES, RowKeys.unsigned(limitNumbers[i]));
    }
  }
}
