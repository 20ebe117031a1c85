package io.weir.streams.store;

import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.StoredLimitCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.StringSerializer;
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
  private static final String MARK = "\0";

  /** A key that no row's is before. */
  static final Bytes BEFORE_ALL_ROWS = key("");

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
    return key.get().length > 0 && key.get()[0] == 0;
  }

  /**
   * Where expiry is; empty if it was not written. From any thread but that of the task: behind the
   * cursor there may be many deleted rows, which RocksDB skips first.
   */
  Optional<String> read() {
    try (StringSerializer serializer = new StringSerializer();
        KeyValueIterator<Bytes, byte[]> found = store.prefixScan(MARK, serializer)) {
      return found.hasNext()
          ? Optional.of(
              new String(found.next().key.get(), StandardCharsets.UTF_8).substring(MARK.length()))
          : Optional.empty();
    }
  }

  /**
   * What is to be written so that it tells where expiry is; a null value deletes.
   *
   * @param before what was written before, which goes
   */
  List<KeyValue<Bytes, byte[]>> changes(Optional<String> before, String stateKey) {
    List<KeyValue<Bytes, byte[]>> changes = new ArrayList<>();
    before
        .filter(old -> !old.equals(stateKey))
        .ifPresent(old -> changes.add(KeyValue.pair(key(old), null)));
    changes.add(KeyValue.pair(key(stateKey), value));
    return changes;
  }

  private static Bytes key(String stateKey) {
    return Bytes.wrap((MARK + stateKey).getBytes(StandardCharsets.UTF_8));
  }
}
