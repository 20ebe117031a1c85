package io.weir.streams.store;

import io.weir.limiter.codec.StoredLimitCodec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Builds the limit store of each task: plain key-value (a timestamp beside each row would say what
 * the row says already), uncached, logged.
 *
 * <p>Streams' own record cache stays off: measured, it costs more than it saves here. Logging
 * cannot be switched off: without its changelog a store forgets at the first rebalance.
 */
public final class LimitStoreBuilder implements StoreBuilder<StateStore> {

  /**
   * Settings of the changelog topic.
   *
   * <ul>
   *   <li>compact, not delete: a row may be older than any retention and still count.
   *   <li>64 MiB segments: the active segment is never compacted, and each instance that restores
   *       reads all of it; the broker's default is 1 GiB.
   *   <li>a new segment each 6 hours: so that the tombstones of expired rows are cleaned in a quiet
   *       topic too.
   *   <li>dirty ratio 0.2: rows are overwritten all the time, so a restore would read mostly old
   *       versions of the same rows at the default of 0.5. So a restore reads at most a quarter
   *       more than the rows and tombstones that are left, and the active segment.
   *   <li>compacted 6 hours after it was written at the latest, whatever the ratio, which a large
   *       and quiet topic does not reach for long; and as early as the ratio says, with no least
   *       lag: nobody needs an old version of a row.
   *   <li>tombstones kept for a day, the default. A copy on disk that was away for longer goes on
   *       from its offset and may never see some of them: it keeps rows that are forgotten
   *       elsewhere. Those of expired rows are idle and decide nothing; those of a reset may still
   *       count, against the request, where a limit counts for longer than a day
   *       (docs/operations.md says what to do).
   * </ul>
   */
  public static final Map<String, String> CHANGELOG_CONFIG =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
          TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(64 * 1024 * 1024),
          TopicConfig.SEGMENT_MS_CONFIG, String.valueOf(6 * 60 * 60 * 1000),
          TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.2",
          TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, "0",
          TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, String.valueOf(6 * 60 * 60 * 1000),
          TopicConfig.DELETE_RETENTION_MS_CONFIG, String.valueOf(24 * 60 * 60 * 1000));

  /** As long RocksDB may lag behind rows in memory: each hot row is written once in it. */
  private static final Duration WRITE_ROUND = Duration.ofSeconds(30);

  private final KeyValueBytesStoreSupplier supplier;
  private final StoredLimitCodec codec;
  private final Optional<CacheShares> cache;
  private final Duration writeRound;

  private LimitStoreBuilder(
      KeyValueBytesStoreSupplier supplier,
      StoredLimitCodec codec,
      Optional<CacheShares> cache,
      Duration writeRound) {
    this.supplier = supplier;
    this.codec = codec;
    this.cache = cache;
    this.writeRound = writeRound;
  }

  /** A store on RocksDB, its memory bounded by {@link BoundedRocksDbConfig} where that is set. */
  public static LimitStoreBuilder rocksDb(
      String name, StoredLimitCodec codec, Optional<CacheShares> cache) {
    return new LimitStoreBuilder(Stores.persistentKeyValueStore(name), codec, cache, WRITE_ROUND);
  }

  /** A store in memory, for tests: the same order of keys, no native library, no files. */
  public static LimitStoreBuilder inMemory(
      String name, StoredLimitCodec codec, Optional<CacheShares> cache) {
    return new LimitStoreBuilder(Stores.inMemoryKeyValueStore(name), codec, cache, Duration.ZERO);
  }

  @Override
  public StateStore build() {
    if (cache.isEmpty()) {
      return new KeyValueLimitStore(logged(supplier.get()), codec, new KnownKeys(() -> 0));
    }
    LaggingStore written = new LaggingStore(supplier.get());
    return new WriteBehindLimitStore(
        new KeyValueLimitStore(logged(written), codec, new KnownKeys(cache.get()::keysBytes)),
        written,
        cache.get(),
        new WriteRound(writeRound, System::nanoTime));
  }

  /** A store in Kafka Streams' wrapper that logs what is put. */
  private KeyValueStore<Bytes, byte[]> logged(KeyValueStore<Bytes, byte[]> store) {
    return Stores.keyValueStoreBuilder(
            new Given(name(), store, supplier.metricsScope()), Serdes.Bytes(), Serdes.ByteArray())
        .withCachingDisabled()
        .withLoggingEnabled(CHANGELOG_CONFIG)
        .build();
  }

  /** Supplies a store that is there. */
  private record Given(String name, KeyValueStore<Bytes, byte[]> get, String metricsScope)
      implements KeyValueBytesStoreSupplier {}

  @Override
  public Map<String, String> logConfig() {
    return CHANGELOG_CONFIG;
  }

  @Override
  public boolean loggingEnabled() {
    return true;
  }

  @Override
  public String name() {
    return supplier.name();
  }

  @Override
  public StoreBuilder<StateStore> withCachingEnabled() {
    throw new UnsupportedOperationException("the limit store is not cached by Kafka Streams");
  }

  @Override
  public StoreBuilder<StateStore> withCachingDisabled() {
    return this;
  }

  @Override
  public StoreBuilder<StateStore> withLoggingEnabled(Map<String, String> config) {
    throw new UnsupportedOperationException("the limit store brings its own changelog settings");
  }

  @Override
  public StoreBuilder<StateStore> withLoggingDisabled() {
    throw new UnsupportedOperationException("the limit store cannot do without its changelog");
  }
}
