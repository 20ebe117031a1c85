package io.weir.streams.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One memory bound for all RocksDB stores of the process. Without it each partition of each store
 * takes 50 MiB of cache and 48 MiB of write buffers of its own, and an instance that takes over
 * partitions grows until it is killed.
 *
 * <p>Blocks, indexes, filters and write buffers are all charged to one cache. The bound is soft:
 * what is in use goes beyond it. A strict one would fail reads where all that is in the cache is in
 * use, and a read that fails ends its thread. Named in {@code rocksdb.config.setter}; the sizes are
 * properties of the Streams configuration. Thread-safe.
 */
public final class BoundedRocksDbConfig implements RocksDBConfigSetter {
  /** Property: bytes that all RocksDB stores of the process may take together. */
  public static final String BLOCK_CACHE_BYTES = "weir.rocksdb.block.cache.bytes";

  /** Property: of these, the bytes that write buffers may take. */
  public static final String WRITE_BUFFERS_BYTES = "weir.rocksdb.write.buffers.bytes";

  /** {@link #BLOCK_CACHE_BYTES} where it is not set: 128 MiB. */
  public static final long DEFAULT_BLOCK_CACHE_BYTES = 128L * 1024 * 1024;

  private static final long WRITE_BUFFER_OF_ONE_STORE_BYTES = 8L * 1024 * 1024;
  private static final int WRITE_BUFFERS_OF_ONE_STORE = 2;

  /**
   * The shared objects by their sizes, in practice one. Static, the one exception of this code
   * base: Kafka Streams makes an instance of this class for each store by reflection, so nothing
   * can be handed to it, and a bound for the process must be shared by all of them. Never closed:
   * native stores that are still open may use them.
   */
  private static final Map<Bound, Shared> SHARED = new ConcurrentHashMap<>();

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    Shared shared = SHARED.computeIfAbsent(Bound.of(configs), Shared::of);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(shared.cache());
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(shared.writeBuffers());
    options.setWriteBufferSize(WRITE_BUFFER_OF_ONE_STORE_BYTES);
    options.setMaxWriteBufferNumber(WRITE_BUFFERS_OF_ONE_STORE);
    // Streams leaves the last level without filters, for stores whose keys mostly exist. Here the
    // first request of every identifier looks for rows that do not.
    options.setOptimizeFiltersForHits(false);
  }

  /** Closes nothing: what this class made is shared with the other stores. */
  @Override
  public void close(String storeName, Options options) {}

  /** The sizes as configured. */
  private record Bound(long blockCacheBytes, long writeBuffersBytes) {
    static Bound of(Map<String, Object> configs) {
      long blockCache = bytes(configs, BLOCK_CACHE_BYTES, DEFAULT_BLOCK_CACHE_BYTES);
      long writeBuffers = bytes(configs, WRITE_BUFFERS_BYTES, blockCache / 2);
      if (writeBuffers > blockCache) {
        throw new ConfigException(
            WRITE_BUFFERS_BYTES,
            writeBuffers,
            "it is a part of " + BLOCK_CACHE_BYTES + ", " + blockCache + ", and must not be more");
      }
      return new Bound(blockCache, writeBuffers);
    }

    private static long bytes(Map<String, Object> configs, String name, long defaultBytes) {
      Object value = configs.getOrDefault(name, defaultBytes);
      long bytes;
      try {
        bytes = Long.parseLong(value.toString().trim());
      } catch (NumberFormatException e) {
        throw new ConfigException(
            name, value, "it must be a whole number of bytes, such as 134217728");
      }
      if (bytes <= 0) {
        throw new ConfigException(name, value, "it must be above 0");
      }
      return bytes;
    }
  }

  /** The native objects behind one bound. */
  private record Shared(Cache cache, WriteBufferManager writeBuffers) {
    private static final double HIGH_PRIORITY_SHARE = 0.1;
    private static final int SHARDS_CHOSEN_BY_ROCKSDB = -1;
    private static final boolean STRICT = false;

    static Shared of(Bound bound) {
      RocksDB.loadLibrary();
      Cache cache =
          new LRUCache(
              bound.blockCacheBytes(), SHARDS_CHOSEN_BY_ROCKSDB, STRICT, HIGH_PRIORITY_SHARE);
      return new Shared(cache, new WriteBufferManager(bound.writeBuffersBytes(), cache));
    }
  }
}
