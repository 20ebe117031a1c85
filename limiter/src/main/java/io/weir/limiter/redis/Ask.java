package io.weir.limiter.redis;

import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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
      out.put((byte) (row.length >>> 16)).putShort((short) row.length).put(row);
    }
  }

  private static final byte JUDGE = 1;
  private static final byte SWAP = 2;
  private static final byte FORGET = 3;

  /** What, and the number of parts. */
  private static final int HEAD_BYTES = 1 + Short.BYTES;

  /** A row to exchange without its texts. */
  private static final int SWAP_BYTES = 2 * Short.BYTES + 2 * 3;

  private final List<KeyText> identifiers;
  private final byte[] body;

  /** Where the numbers of keys are in the body. */
  private final int[] places;

  /** How many rows are answered. */
  private final int rows;

  private Ask(List<KeyText> identifiers, byte[] body, int[] places, int rows) {
    this.identifiers = identifiers;
    this.body = body;
    this.places = places;
    this.rows = rows;
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
    int size = HEAD_BYTES;
    for (IdentifierLimits each : match.identifiers()) {
      KeyText identifier = each.identifierText();
      identifiers.add(identifier);
      for (ApplicableLimit applicable : each.limits()) {
        ScriptLimit limit =
            judges
                ? ScriptLimit.judged(identifier, applicable)
                : ScriptLimit.read(identifier, applicable);
        limits.add(limit);
        size += limit.size();
      }
    }
    byte[] bytes = new byte[size];
    ByteBuffer body = ByteBuffer.wrap(bytes).put(JUDGE).putShort(RowKeys.unsigned(limits.size()));
    int[] places = new int[limits.size()];
    int next = 0;
    int number = 0;
    for (IdentifierLimits each : match.identifiers()) {
      number++;
      for (int i = 0; i < each.limits().size(); i++) {
        places[next] = body.position();
        limits.get(next).write(body, number, cost);
        next++;
      }
    }
    return new Ask(identifiers, bytes, places, limits.size());
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
    return new Ask(identifiers, bytes, places, 0);
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
    return new Ask(identifiers, bytes, places, 0);
  }

  /** Whose rows it is about. */
  List<KeyText> identifiers() {
    return identifiers;
  }

  /** How many rows are answered. */
  int rows() {
    return rows;
  }

  int size() {
    return body.length;
  }

  /**
   * Writes it.
   *
   * @param numbers the numbers that the identifiers have among the keys of the call
   */
  void write(ByteBuffer out, int[] numbers) {
    int start = out.position();
    out.put(body);
    for (int place : places) {
      int local = Short.toUnsignedInt(out.getShort(start + place));
      out.putShort(start + place, RowKeys.unsigned(numbers[local - 1]));
    }
  }
}
