package io.weir.streams.topology;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.streams.store.RowCodec;

enum NoCodec implements RowCodec {
  INSTANCE;

  @Override
  public byte[] encode(StoredLimit row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StoredLimit decode(byte[] bytes) {
    throw new UnsupportedOperationException();
  }
}
