package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

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
  void blocksIndexesFiltersAndWriteBuffersOfAllStoresAreInOneCache(@TempDir Path directory)
      throws RocksDBException {
    RocksDB.loadLibrary();
    Set<String> caches = new HashSet<>();
    for (String name : List.of("first", "second")) {
      try (Statistics statistics = new Statistics();
          Options options = options().setCreateIfMissing(true).setStatistics(statistics)) {
        setter.setConfig(name, options, Map.of());
        try (RocksDB store = RocksDB.open(options, directory.resolve(name).toString());
            FlushOptions flush = new FlushOptions()) {
          store.put(new byte[] {1}, new byte[100]);
          store.flush(flush);
          store.get(new byte[] {1});

          Map<String, String> cache = store.getMapProperty("rocksdb.block-cache-entry-stats");
          caches.add(String.valueOf(cache.get("id")));
          assertThat(cache)
              .containsEntry(
                  "capacity", String.valueOf(BoundedRocksDbConfig.DEFAULT_BLOCK_CACHE_BYTES))
              .doesNotContainEntry("bytes.write-buffer", "0");
          assertThat(
                  List.of(
                      statistics.getTickerCount(TickerType.BLOCK_CACHE_DATA_ADD),
                      statistics.getTickerCount(TickerType.BLOCK_CACHE_INDEX_ADD),
                      statistics.getTickerCount(TickerType.BLOCK_CACHE_FILTER_ADD)))
              .as("blocks, indexes and filters that went into the cache")
              .doesNotContain(0L);
        }
      }
    }
    assertThat(caches).as("the cache of both stores").hasSize(1).doesNotContain("null");
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
    // As Kafka Streams has it.
    options.setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(new BloomFilter()));
    return options;
  }
}
