package io.weir.streams.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store that is a map, and remembers what was put in which order and what it was told to have.
 */
class MapStore implements KeyValueStore<Bytes, byte[]> {
  final Map<Bytes, byte[]> rows = new TreeMap<>();
  final List<KeyValue<Bytes, byte[]>> log = new ArrayList<>();
  Map<TopicPartition, Long> committed = Map.of();
  boolean isFull;
  int gets;
  private boolean open = true;

  @Override
  public void put(Bytes key, byte[] value) {
    log.add(KeyValue.pair(key, value));
    if (value == null) {
      rows.remove(key);
    } else {
      rows.put(key, value);
    }
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    if (isFull) {
      throw new IllegalStateException("the disk is full");
    }
    entries.forEach(entry -> put(entry.key, entry.value));
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    gets++;
    return rows.get(key);
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    committed = changelogOffsets;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public String name() {
    return "rows";
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    open = true;
  }

  @Override
  public boolean persistent() {
    return true;
  }

  @Override
  public byte[] putIfAbsent(Bytes key, byte[] value) {
    throw new UnsupportedOperationException("not needed");
  }

  @Override
  public byte[] delete(Bytes key) {
    throw new UnsupportedOperationException("not needed");
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    throw new UnsupportedOperationException("not needed");
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    throw new UnsupportedOperationException("not needed");
  }

  @Override
  public long approximateNumEntries() {
    return rows.size();
  }
}
