package io.weir.streams.topology;

import io.weir.limiter.algorithm.StoredLimit;
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
  private final Map<String, StoredLimit> rows = new HashMap<>();

  @Override
  public Optional<StoredLimit> get(String stateKey) {
    return Optional.ofNullable(rows.get(stateKey));
  }

  @Override
  public void put(String stateKey, StoredLimit row) {
    rows.put(stateKey, row);
  }

  @Override
  public void deleteAll(List<String> stateKeys) {
    stateKeys.forEach(rows::remove);
  }

  @Override
  public void deleteRowsOf(String identifier) {
    throw new UnsupportedOperationException("nothing is reset here");
  }

  @Override
  public List<LimitRow> rowsOf(String identifier, int most) {
    throw new UnsupportedOperationException("nobody queries rows here");
  }

  @Override
  public Optional<String> scan(String fromKey, RowVisitor visitor) {
    return Optional.empty();
  }

  @Override
  public void watchWrites() {}

  @Override
  public int deleteUnwritten(List<String> stateKeys) {
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
  public long keyHash(String stateKey) {
    return stateKey.hashCode();
  }

  @Override
  public void seenByPass(long[] keyHashes) {}

  @Override
  public void endPass() {}

  @Override
  public Optional<String> expiryCursor() {
    return Optional.empty();
  }

  @Override
  public void writeExpiryCursor(Optional<String> before, String cursor) {}

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
