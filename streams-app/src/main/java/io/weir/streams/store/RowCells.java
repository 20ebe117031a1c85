package io.weir.streams.store;

import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.LeakyBucketState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows and their keys by slot number, as numbers side by side: the flags of whoever keeps them, the
 * number of the row's limit (each limit is kept once, however many rows have it), its state's
 * numbers and its key. So a row is found and read with one or two misses of the processor's cache.
 * Only keys that are long, logs, states of algorithms of the user's own, and rows that hold tokens
 * are kept as objects. Not thread-safe.
 */
final class RowCells {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Slots of a chunk, a power of two: what is not used yet is less than one chunk. */
  private static final int SLOTS = 1_024;

  private static final int SLOT_SHIFT = Integer.numberOfTrailingZeros(SLOTS);

  // Longs of a slot: the head, two numbers of the state, the time of its last admission, the key.

  private static final int CELL = 12;
  private static final int FIRST = 1;
  private static final int SECOND = 2;
  private static final int LAST_MILLIS = 3;
  private static final int KEY = 4;

  /** Longer keys are objects. */
  private static final int MOST_KEY_BYTES = (CELL - KEY) * Long.BYTES;

  // The head: flags, how the numbers are to be read, the number of the limit, the key's length.

  private static final int FLAGS_MASK = 0xFF;
  private static final int KIND_SHIFT = 8;
  private static final int KIND_MASK = 0xFF;
  private static final int LIMIT_SHIFT = 16;
  private static final int KEY_LENGTH_SHIFT = 48;
  private static final int LONG_KEY = MOST_KEY_BYTES + 1;

  private static final int FREE = 0;
  private static final int TOKEN_BUCKET = 1;
  private static final int LEAKY_BUCKET = 2;
  private static final int FIXED_WINDOW = 3;
  private static final int SLIDING_WINDOW_COUNTER = 4;
  private static final int OBJECT = 5;

  /** What a slot takes. */
  static final int SLOT_BYTES = CELL * Long.BYTES;

  private static final int ARRAY_HEADER_BYTES = 16;
  private static final int ROW_OBJECTS_BYTES = 120;
  private static final int ENTRY_BYTES = 16;
  private static final int HOLD_BYTES = 72;

  private final List<Limit> limits = new ArrayList<>();
  private final Map<Limit, Integer> limitNumbers = new HashMap<>();
  private Chunk[] chunks = {};
  private long objectBytes;

  /** Slots side by side. */
  private static final class Chunk {
    private static final byte[] @Nullable [] NO_KEYS = {};
    private static final @Nullable StoredLimit[] NO_ROWS = {};

    final long[] numbers = new long[SLOTS * CELL];

    /** Empty until there is one. */
    byte[] @Nullable [] longKeys = NO_KEYS;

    /** Empty until there is one. */
    @Nullable StoredLimit[] rows = NO_ROWS;

    void setLongKey(int index, byte[] key) {
      if (longKeys.length == 0) {
        longKeys = new byte[SLOTS][];
      }
      longKeys[index] = key;
    }

    void setRow(int index, StoredLimit row) {
      if (rows.length == 0) {
        rows = new StoredLimit[SLOTS];
      }
      rows[index] = row;
    }
  }

  /** Makes room for a slot. */
  void ensure(int slot) {
    int chunk = slot >>> SLOT_SHIFT;
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunk + 1);
      chunks[chunk] = new Chunk();
    }
  }

  /** Forgets everything. */
  void clear() {
    limits.clear();
    limitNumbers.clear();
    chunks = new Chunk[] {};
    objectBytes = 0;
  }

  /** How many limits the rows have, those of rows that were freed included. */
  int limits() {
    return limits.size();
  }

  /** The memory of what is kept as objects. */
  long objectBytes() {
    return objectBytes;
  }

  // What whoever keeps the rows knows of each.

  /** The flags of a slot: its lowest eight bits. */
  long flags(int slot) {
    return numbers(slot)[at(slot)] & FLAGS_MASK;
  }

  /** Sets the flags of a slot. */
  void setFlags(int slot, long flags) {
    long[] numbers = numbers(slot);
    int at = at(slot);
    numbers[at] = (numbers[at] & ~FLAGS_MASK) | flags;
  }

  /** Whether a slot has no row. */
  boolean isFree(int slot) {
    return kind(numbers(slot)[at(slot)]) == FREE;
  }

  /** Frees a slot. */
  void free(int slot) {
    long[] numbers = numbers(slot);
    int at = at(slot);
    if (keyLength(numbers[at]) == LONG_KEY) {
      objectBytes -= bytesOf(longKey(slot));
      chunk(slot).longKeys[index(slot)] = null;
    }
    forgetObject(slot, numbers[at]);
    numbers[at] = FREE;
  }

  // Keys.

  /** Gives a slot a key; it has no row yet. */
  void setKey(int slot, byte[] key) {
    long[] numbers = numbers(slot);
    int at = at(slot);
    if (key.length > MOST_KEY_BYTES) {
      chunk(slot).setLongKey(index(slot), key);
      objectBytes += bytesOf(key);
      numbers[at] = (long) LONG_KEY << KEY_LENGTH_SHIFT;
      return;
    }
    numbers[at] = (long) key.length << KEY_LENGTH_SHIFT;
    int bytes = 0;
    for (int word = at + KEY; bytes < key.length; word++, bytes += Long.BYTES) {
      numbers[word] = word(key, bytes);
    }
  }

  /** Whether a slot has this key. */
  boolean hasKey(int slot, byte[] key) {
    long[] numbers = numbers(slot);
    int at = at(slot);
    int length = keyLength(numbers[at]);
    if (length == LONG_KEY) {
      return Arrays.equals(longKey(slot), key);
    }
    if (length != key.length) {
      return false;
    }
    int bytes = 0;
    for (int word = at + KEY; bytes < length; word++, bytes += Long.BYTES) {
      if (numbers[word] != word(key, bytes)) {
        return false;
      }
    }
    return true;
  }

  /** The key of a slot. */
  byte[] key(int slot) {
    long[] numbers = numbers(slot);
    int at = at(slot);
    int length = keyLength(numbers[at]);
    if (length == LONG_KEY) {
      return longKey(slot);
    }
    byte[] key = new byte[length];
    for (int i = 0; i < length; i++) {
      key[i] = (byte) (numbers[at + KEY + i / Long.BYTES] >>> (i % Long.BYTES * Byte.SIZE));
    }
    return key;
  }

  /** Eight bytes of a key, the first one lowest; zeros where it has no more. */
  private static long word(byte[] key, int from) {
    if (from + Long.BYTES <= key.length) {
      return (long) LONGS.get(key, from);
    }
    long word = 0;
    for (int i = key.length - 1; i >= from; i--) {
      word = word << Byte.SIZE | (key[i] & 0xFF);
    }
    return word;
  }

  // Rows.

  /** The row of a slot that is not free. */
  StoredLimit row(int slot) {
    long[] numbers = numbers(slot);
    int at = at(slot);
    long first = numbers[at + FIRST];
    long lastMillis = numbers[at + LAST_MILLIS];
    LimitState state;
    switch (kind(numbers[at])) {
      case TOKEN_BUCKET -> state = new TokenBucketState(first, lastMillis);
      case LEAKY_BUCKET -> state = new LeakyBucketState(first, lastMillis);
      case FIXED_WINDOW -> state = new FixedWindowState(first, lastMillis);
      case SLIDING_WINDOW_COUNTER ->
          state = new SlidingWindowCounterState(first, numbers[at + SECOND], lastMillis);
      default -> {
        return object(slot);
      }
    }
    return new StoredLimit(limits.get(limitNumber(numbers[at])), state);
  }

  /** When a slot's row was charged last, in milliseconds since the epoch. */
  long lastMillis(int slot) {
    return numbers(slot)[at(slot) + LAST_MILLIS];
  }

  /** Sets the row of a slot that has a key; its flags stay. */
  void setRow(int slot, StoredLimit row) {
    long[] numbers = numbers(slot);
    int at = at(slot);
    forgetObject(slot, numbers[at]);
    LimitState state = row.state();
    long kind;
    if (!row.holds().isEmpty()) {
      kind = OBJECT;
    } else if (state instanceof TokenBucketState bucket) {
      kind = TOKEN_BUCKET;
      numbers[at + FIRST] = bucket.missing();
    } else if (state instanceof LeakyBucketState bucket) {
      kind = LEAKY_BUCKET;
      numbers[at + FIRST] = bucket.queued();
    } else if (state instanceof FixedWindowState window) {
      kind = FIXED_WINDOW;
      numbers[at + FIRST] = window.count();
    } else if (state instanceof SlidingWindowCounterState counter) {
      kind = SLIDING_WINDOW_COUNTER;
      numbers[at + FIRST] = counter.current();
      numbers[at + SECOND] = counter.previous();
    } else {
      kind = OBJECT;
    }
    if (kind == OBJECT) {
      chunk(slot).setRow(index(slot), row);
      objectBytes += bytesOf(row);
    }
    numbers[at + LAST_MILLIS] = state.lastMillis();
    long limit = numberOf(limitNumber(numbers[at]), row.limit());
    long keyLength = keyLength(numbers[at]);
    long flags = numbers[at] & FLAGS_MASK;
    numbers[at] = keyLength << KEY_LENGTH_SHIFT | limit << LIMIT_SHIFT | kind << KIND_SHIFT | flags;
  }

  private int numberOf(int last, Limit limit) {
    // Mostly the row's limit is the one that it had: the very same object, even.
    if (last < limits.size() && limits.get(last).equals(limit)) {
      return last;
    }
    return limitNumbers.computeIfAbsent(
        limit,
        added -> {
          limits.add(added);
          return limits.size() - 1;
        });
  }

  private Chunk chunk(int slot) {
    return chunks[slot >>> SLOT_SHIFT];
  }

  private long[] numbers(int slot) {
    return chunk(slot).numbers;
  }

  private static int index(int slot) {
    return slot & (SLOTS - 1);
  }

  private static int at(int slot) {
    return index(slot) * CELL;
  }

  private static int kind(long head) {
    return (int) (head >>> KIND_SHIFT) & KIND_MASK;
  }

  private static int limitNumber(long head) {
    return (int) (head >>> LIMIT_SHIFT);
  }

  private static int keyLength(long head) {
    return (int) (head >>> KEY_LENGTH_SHIFT);
  }

  // Objects.

  private byte[] longKey(int slot) {
    return found(chunk(slot).longKeys[index(slot)], slot);
  }

  private StoredLimit object(int slot) {
    return found(chunk(slot).rows[index(slot)], slot);
  }

  private static <T> T found(@Nullable T object, int slot) {
    if (object == null) {
      throw new IllegalStateException("slot " + slot + " is free");
    }
    return object;
  }

  private void forgetObject(int slot, long head) {
    if (kind(head) == OBJECT) {
      objectBytes -= bytesOf(object(slot));
      chunk(slot).rows[index(slot)] = null;
    }
  }

  private static long bytesOf(byte[] key) {
    return (ARRAY_HEADER_BYTES + key.length + 7L) & ~7L;
  }

  private static long bytesOf(StoredLimit row) {
    long entries = row.state() instanceof SlidingWindowLogState log ? log.size() : 0;
    return ROW_OBJECTS_BYTES + entries * ENTRY_BYTES + (long) row.holds().size() * HOLD_BYTES;
  }
}
