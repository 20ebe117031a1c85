package io.weir.streams.store;

import io.weir.limiter.rule.KeyText;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;

/** Does to a store what nothing but a fault would. */
public final class StoreTampering {
  private StoreTampering() {}

  /** Writes bytes that no codec made. */
  public static void putBytes(LimitStore store, String stateKey, byte[] bytes) {
    KeyText key = KeyText.of(stateKey);
    store.deleteAll(List.of(key));
    List<KeyValue<Bytes, byte[]>> row = List.of(KeyValue.pair(Bytes.wrap(key.bytes()), bytes));
    if (store instanceof WriteBehindLimitStore cached) {
      cached.written().write(row);
    } else {
      ((KeyValueLimitStore) store).putAllBytes(row);
    }
  }
}
