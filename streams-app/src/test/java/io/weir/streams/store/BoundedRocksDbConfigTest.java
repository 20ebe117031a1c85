package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

class BoundedRocksDbConfigTest {
  private final BoundedRocksDbConfig setter = new BoundedRocksDbConfig();

  @Test
  void allStoresShareOneBoundOnWriteBuffers() {
    RocksDB.loadLibrary();
    try (Options first = options();
        Options second = options()) {
      setter.setConfig("first", first, Map.of());
      setter.setConfig("second", second, Map.of());
      assertThat(first.writeBufferManager()).isSameAs(second.writeBufferManager());
      setter.close("first", first);
      assertThat(second.writeBufferManager().isOwningHandle())
          .as("still open after another store was closed")
          .isTrue();
    }
  }

  @Test
  void refusesSizesThatMakeNoSense() {
    assertRefused(
        Map.of("weir.rocksdb.block.cache.bytes", "128MB"), "it must be a whole number of bytes");
    assertRefused(Map.of("weir.rocksdb.write.buffers.bytes", 0), "it must be above 0");
    assertRefused(
        Map.of("weir.rocksdb.block.cache.bytes", 1_000, "weir.rocksdb.write.buffers.bytes", 2_000),
        "it is a part of weir.rocksdb.block.cache.bytes, 1000, and must not be more");
  }

  private void assertRefused(Map<String, Object> configs, String message) {
    RocksDB.loadLibrary();
    try (Options options = options()) {
      assertThatThrownBy(() -> setter.setConfig("store", options, configs))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(message);
    }
  }

  private static Options options() {
    Options options = new Options();
    options.setTableFormatConfig(new BlockBasedTableConfig());
    return options;
  }
}
