package io.weir.streams.store;

import java.util.List;

/** Does to a store what nothing but a fault would. */
public final class StoreTampering {
  private StoreTampering() {}

  /** Writes bytes that no codec made. */
  public static void putBytes(LimitStore store, String stateKey, byte[] bytes) {
    store.deleteAll(List.of(stateKey));
    KeyValueLimitStore below =
        store instanceof WriteBehindLimitStore cached ? cached.below() : (KeyValueLimitStore) store;
    below.putBytes(stateKey, bytes);
  }
}
