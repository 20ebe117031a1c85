package io.weir.streams.store;

import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.KeyText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Where expiry is, kept among the rows: a row whose key is a zero byte and the state key to go on
 * from. State keys are printable, so it is before all of them and can be none of theirs.
 *
 * <p>Its value is that of a row of a limit that ended in 1970. So a version that knows nothing of
 * cursors takes it for an idle row and deletes it, and so may everybody.
 */
final class ExpiryCursor {
  private static final byte MARK = 0;

  /** A key that no row's is before. */
  static final Bytes BEFORE_ALL_ROWS = key(IdleScan.BEGINNING);

  private final KeyValueStore<Bytes, byte[]> store;
  private final byte[] value;

  ExpiryCursor(KeyValueStore<Bytes, byte[]> store, StoredLimitCodec codec) {
    this.store = store;
    this.value =
        codec.encode(
            new StoredLimit(
                Limit.of(new FixedWindow(), 1, Duration.ofMillis(1)), new FixedWindowState(1, 0)));
  }

  /** Whether a key is not that of a row. */
  static boolean isCursor(Bytes key) {
    return key.get().length > 0 && key.get()[0] == MARK;
  }

  /**
   * Where expiry is; empty if it was not written. From any thread but that of the task: behind the
   * cursor there may be many deleted rows, which RocksDB skips first.
   */
  Optional<KeyText> read() {
    try (KeyValueIterator<Bytes, byte[]> found =
        store.prefixScan(BEFORE_ALL_ROWS, new BytesSerializer())) {
      return found.hasNext() ? Optional.of(stateKey(found.next().key)) : Optional.empty();
    }
  }

  /**
   * What is to be written so that it tells where expiry is; a null value deletes.
   *
   * @param before what was written before, which goes
   */
  List<KeyValue<Bytes, byte[]>> changes(Optional<KeyText> before, KeyText stateKey) {
    List<KeyValue<Bytes, byte[]>> changes = new ArrayList<>();
    before
        .filter(old -> !old.equals(stateKey))
        .ifPresent(old -> changes.add(KeyValue.pair(key(old), null)));
    changes.add(KeyValue.pair(key(stateKey), value));
    return changes;
  }

  private static Bytes key(KeyText stateKey) {
    byte[] key = new byte[1 + stateKey.length()];
    key[0] = MARK;
    System.arraycopy(stateKey.bytes(), 0, key, 1, stateKey.length());
    return Bytes.wrap(key);
  }

  private static KeyText stateKey(Bytes key) {
    return KeyText.ofBytes(Arrays.copyOfRange(key.get(), 1, key.get().length));
  }
}
