package io.weir.streams.topology;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.streams.store.LimitRow;
import io.weir.streams.store.LimitStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;

/** A limit store that is a map and no more, so that what is around the store can be measured. */
final class RowMap implements LimitStore, StateStore {
  private final Map<KeyText, StoredLimit> rows = new HashMap<>();

  @Override
  public Optional<StoredLimit> get(KeyText key) {
    return Optional.ofNullable(rows.get(key));
  }

  @Override
  public void put(KeyText key, StoredLimit row) {
    rows.put(key, row);
  }

  @Override
  public void deleteAll(List<KeyText> keys) {
    keys.forEach(rows::remove);
  }

  @Override
  public void deleteRowsOf(KeyText identifier) {
    throw new UnsupportedOperationException("nothing is reset here");
  }

  @Override
  public List<LimitRow> rowsOf(KeyText identifier, int most) {
    throw new UnsupportedOperationException("nobody queries rows here");
  }

  @Override
  public Optional<KeyText> scan(KeyText fromKey, RowVisitor visitor) {
    return Optional.empty();
  }

  @Override
  public void watchWrites() {}

  @Override
  public int deleteUnwritten(List<KeyText> keys) {
    return 0;
  }

  @Override
  public int deleteIdleInMemory(long horizonMillis) {
    return 0;
  }

  @Override
  public long takeEarliestIdleMillis() {
    return Long.MAX_VALUE;
  }

  @Override
  public long takeAbsent() {
    return 0;
  }

  @Override
  public void beginPass() {}

  @Override
  public long keyHash(KeyText key) {
    return key.hashCode();
  }

  @Override
  public void seenByPass(long[] keyHashes) {}

  @Override
  public void endPass() {}

  @Override
  public Optional<KeyText> expiryCursor() {
    return Optional.empty();
  }

  @Override
  public void writeExpiryCursor(Optional<KeyText> before, KeyText cursor) {}

  @Override
  public String name() {
    return TopologyNames.LIMITS_STORE;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {}

  @Override
  public void close() {}

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return true;
  }
}
