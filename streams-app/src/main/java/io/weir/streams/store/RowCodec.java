package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;

/** Rows to bytes and back, as the store needs it. Implementations are thread-safe. */
public interface RowCodec {
  /** The bytes of a row. */
  byte[] encode(StoredLimit row);

  /**
   * The row of bytes.
   *
   * @throws RuntimeException if the bytes are damaged or of an unknown version
   */
  StoredLimit decode(byte[] bytes);
}
