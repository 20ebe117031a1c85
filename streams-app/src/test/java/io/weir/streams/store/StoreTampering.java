package io.weir.streams.store;

/** Does to a store what nothing but a fault would. */
public final class StoreTampering {
  private StoreTampering() {}

  /** Writes bytes that no codec made. */
  public static void putBytes(LimitStore store, String stateKey, byte[] bytes) {
    ((KeyValueLimitStore) store).putBytes(stateKey, bytes);
  }
}
