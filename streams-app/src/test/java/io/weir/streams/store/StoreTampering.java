package io.weir.streams.store;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;

/** Does to a store what nothing but a fault would. */
public final class StoreTampering {
  private StoreTampering() {}

  /** Writes bytes that no codec made. */
  public static void putBytes(LimitStore store, String stateKey, byte[] bytes) {
    store.deleteAll(List.of(stateKey));
    if (store instanceof WriteBehindLimitStore cached) {
      byte[] key = KeyValueLimitStore.keyOf(stateKey);
      cached.written().write(List.of(KeyValue.pair(Bytes.wrap(key), bytes)));
    } else {
      ((KeyValueLimitStore) store).putBytes(stateKey, bytes);
    }
  }
}
