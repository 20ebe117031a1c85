package io.weir.streams.store;

import io.weir.limiter.algorithm.HoldId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Decisions of one partition by their requests, and the requests that wait for one: over a store
 * that Kafka Streams keeps in memory, with a changelog behind it. For the task's thread.
 *
 * <p>An entry is forgotten when the horizon has passed, in stream time, which never goes back; or
 * before, the oldest first, where there are more than fit. Duplicates that wait are never
 * forgotten: each of them is owed a decision.
 *
 * <p>An entry is a tag, a time, and the bytes of the decision or the id of the request that is
 * being decided. A duplicate that waits has an entry of its own, whose key is that of the request
 * and a number; its value is its time. Numbers have eight bytes, big-endian.
 */
public final class Duplicates {
  private static final byte WAITING = 0;
  private static final byte DECIDED = 1;
  private static final byte DUPLICATE = 2;
  private static final int HEAD_BYTES = 1 + Long.BYTES;
  private static final int ID_BYTES = 2 * Long.BYTES;

  /** What an entry of the store and its place in the order take on the heap, about. */
  private static final long ENTRY_BYTES = 160;

  /** All of it is written in the transaction of one record. */
  private static final int MOST_FORGOTTEN_AT_ONCE = 100;

  private final KeyValueStore<Bytes, byte[]> store;
  private final DuplicateBounds bounds;
  private final Runnable onEviction;
  private final Deque<Remembered> oldestFirst = new ArrayDeque<>();
  private long bytes;

  /**
   * What a store remembers, which has been restored by now.
   *
   * @param onEviction told of each entry that is forgotten before its time
   */
  public Duplicates(
      KeyValueStore<Bytes, byte[]> store, DuplicateBounds bounds, Runnable onEviction) {
    this.store = store;
    this.bounds = bounds;
    this.onEviction = onEviction;
    List<Remembered> restored = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        if (entry.value[0] != DUPLICATE) {
          restored.add(new Remembered(entry.key, millis(entry.value), entry.value.length));
        }
      }
    }
    restored.stream().sorted(Comparator.comparingLong(Remembered::atMillis)).forEach(this::append);
  }

  private record Remembered(Bytes request, long atMillis, int valueBytes) {
    long heapBytes() {
      return ENTRY_BYTES + request.get().length + valueBytes;
    }
  }

  /**
   * The decision on a request that came before.
   *
   * @param streamMillis the stream time
   */
  public Optional<byte[]> decision(Bytes request, long streamMillis) {
    return rest(request, DECIDED, streamMillis);
  }

  /**
   * The id of a request that came before and is not decided yet.
   *
   * @param streamMillis the stream time
   */
  public Optional<HoldId> undecided(Bytes request, long streamMillis) {
    return rest(request, WAITING, streamMillis)
        .map(ByteBuffer::wrap)
        .map(id -> new HoldId(id.getLong(), id.getLong()));
  }

  /**
   * Notes that a request came that is going to be decided.
   *
   * @param streamMillis the stream time
   */
  public void begin(Bytes request, HoldId id, long streamMillis) {
    put(
        request,
        WAITING,
        streamMillis,
        ByteBuffer.allocate(ID_BYTES).putLong(id.high()).putLong(id.low()).array());
  }

  /**
   * Notes a duplicate of a request that is being decided.
   *
   * @param id of the duplicate: the same one once more is one
   * @param timestampMillis the duplicate's own time
   */
  public void addWaiting(Bytes request, HoldId id, long timestampMillis) {
    byte[] key =
        ByteBuffer.allocate(request.get().length + ID_BYTES)
            .put(request.get())
            .putLong(id.high())
            .putLong(id.low())
            .array();
    store.put(
        Bytes.wrap(key),
        ByteBuffer.allocate(HEAD_BYTES).put(DUPLICATE).putLong(timestampMillis).array());
  }

  /**
   * Notes the decision on a request.
   *
   * @param streamMillis the stream time
   */
  public void decided(Bytes request, byte[] decision, long streamMillis) {
    put(request, DECIDED, streamMillis, decision);
  }

  /** Forgets that a request came, so that the next one is one of its own. */
  public void forget(Bytes request) {
    store.delete(request);
  }

  /** Takes the times of the duplicates that waited for the decision on a request. */
  public List<Long> takeWaiting(Bytes request) {
    List<KeyValue<Bytes, byte[]>> waiting = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found =
        store.prefixScan(request, (topic, prefix) -> prefix.get())) {
      while (found.hasNext()) {
        KeyValue<Bytes, byte[]> next = found.next();
        if (next.value[0] == DUPLICATE) {
          waiting.add(next);
        }
      }
    }
    waiting.forEach(each -> store.delete(each.key));
    return waiting.stream().map(each -> millis(each.value)).toList();
  }

  /** The rest of an entry, if it is there, has that tag, and is not too old. */
  private Optional<byte[]> rest(Bytes request, byte tag, long streamMillis) {
    byte[] value = store.get(request);
    if (value == null || value[0] != tag || isPast(millis(value), streamMillis)) {
      return Optional.empty();
    }
    byte[] rest = new byte[value.length - HEAD_BYTES];
    System.arraycopy(value, HEAD_BYTES, rest, 0, rest.length);
    return Optional.of(rest);
  }

  private void put(Bytes request, byte tag, long streamMillis, byte[] rest) {
    byte[] value =
        ByteBuffer.allocate(HEAD_BYTES + rest.length)
            .put(tag)
            .putLong(streamMillis)
            .put(rest)
            .array();
    store.put(request, value);
    append(new Remembered(request, streamMillis, value.length));
    forgetOld(streamMillis);
  }

  private void append(Remembered remembered) {
    oldestFirst.addLast(remembered);
    bytes += remembered.heapBytes();
  }

  private void forgetOld(long streamMillis) {
    for (int i = 0; i < MOST_FORGOTTEN_AT_ONCE && !oldestFirst.isEmpty(); i++) {
      Remembered oldest = oldestFirst.getFirst();
      boolean isPast = isPast(oldest.atMillis(), streamMillis);
      if (!isPast && bytes <= bounds.maxBytes()) {
        return;
      }
      oldestFirst.removeFirst();
      bytes -= oldest.heapBytes();
      if (isStill(oldest)) {
        store.delete(oldest.request());
        if (!isPast) {
          onEviction.run();
        }
      }
    }
  }

  /** Not where there is another entry now: the decision after the wait, or a later request's. */
  private boolean isStill(Remembered remembered) {
    byte[] value = store.get(remembered.request());
    return value != null
        && value.length == remembered.valueBytes()
        && millis(value) == remembered.atMillis();
  }

  private boolean isPast(long atMillis, long streamMillis) {
    return streamMillis - atMillis >= bounds.horizon().toMillis();
  }

  private static long millis(byte[] value) {
    return ByteBuffer.wrap(value, 1, Long.BYTES).getLong();
  }
}
