package io.weir.streams.store;

import io.weir.benchmarks.AverageTime;
import io.weir.benchmarks.Turn;
import io.weir.benchmarks.Users;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.KeyText;
import io.weir.streams.cli.dev.TemporaryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The limit store of a task on RocksDB: what a check does to one row, reading it and writing it
 * anew. Nothing is logged: what that costs is the producer's business, and {@code ./weir bench}
 * measures it. In this package because the store's parts are nobody else's.
 */
public class StorePart extends AverageTime {
  /** Room for all rows: what happens beyond it is RocksDB's doing. */
  private static final long CACHE_BYTES = 256L * 1024 * 1024;

  /** The row of a key, and then another row for it. */
  @Benchmark
  public Optional<StoredLimit> getAndPut(TaskStore store, Turn turn) {
    KeyText key = store.stateKeys.get(turn.next(store.keys));
    Optional<StoredLimit> before = store.opened.store().get(key);
    store.opened.store().put(key, store.nextRow());
    store.maybeCommit();
    return before;
  }

  /** Looking for a row that there never was, as the first request of each identifier does. */
  @Benchmark
  public Optional<StoredLimit> getAbsent(TaskStore store, Turn turn) {
    return store.opened.store().get(store.absentKeys.get(turn.next(store.keys)));
  }

  /** A store of each thread, as each task has one. */
  @State(Scope.Thread)
  public static class TaskStore {
    private static final int OPERATIONS_OF_COMMIT = 15_000;
    private static final long START_MILLIS = 1_800_000_000_000L;

    /** How many rows there are. */
    @Param({"1", "100000", "1000000"})
    public int keys;

    /** What is before RocksDB. */
    @Param({"write_behind", "nothing"})
    public String cache;

    private final Limit limit =
        new Limit(Algorithms.standard().find("token_bucket").orElseThrow(), 100, 60_000, 100);
    private Path directory;
    private List<KeyText> stateKeys;
    private List<KeyText> absentKeys;
    private Opened opened;
    private long operations;

    /** Opens it and writes each row once. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      directory = Files.createTempDirectory("weir-store-part-");
      List<String> users = Users.shuffled(keys);
      stateKeys = users.stream().map(user -> KeyText.of("user=" + user + "|login")).toList();
      absentKeys = users.stream().map(user -> KeyText.of("user=" + user + "|none")).toList();
      opened = Opened.of(cache, directory);
      opened.store().beginPass(); // Of a store without rows; it knows what comes.
      opened.store().endPass();
      for (KeyText key : stateKeys) {
        opened.store().put(key, nextRow());
      }
      opened.flush().run();
    }

    /** Closes it and deletes its files. */
    @TearDown(Level.Trial)
    public void close() {
      opened.close().run();
      TemporaryFiles.delete(directory, Duration.ofSeconds(10));
    }

    StoredLimit nextRow() {
      operations++;
      return new StoredLimit(
          limit, new TokenBucketState(operations % 100, START_MILLIS + operations));
    }

    /** As often as a task that judges 150,000 requests a second and commits each 100 ms. */
    void maybeCommit() {
      if (operations % OPERATIONS_OF_COMMIT == 0) {
        opened.flush().run();
      }
    }
  }

  /**
   * A store and what Kafka Streams does with it.
   *
   * @param flush what it does at a commit
   */
  private record Opened(LimitStore store, Runnable flush, Runnable close) {
    static Opened of(String cache, Path directory) {
      StoredLimitCodec codec = new StoredLimitCodec(Algorithms.standard());
      KeyValueStore<Bytes, byte[]> rocksDb = Stores.persistentKeyValueStore("limits").get();
      if (cache.equals("nothing")) {
        KeyValueLimitStore store = new KeyValueLimitStore(rocksDb, codec, new KnownKeys(() -> 0));
        init(store, directory);
        return new Opened(store, () -> {}, store::close);
      }
      LaggingStore lagging = new LaggingStore(rocksDb);
      CacheShares shares = new CacheShares(CACHE_BYTES);
      WriteBehindLimitStore store =
          new WriteBehindLimitStore(
              new KeyValueLimitStore(lagging, codec, new KnownKeys(shares::keysBytes)),
              lagging,
              shares,
              new WriteRound(Duration.ofSeconds(30), System::nanoTime));
      init(store, directory);
      return new Opened(store, store::flushCache, store::close);
    }

    private static void init(StateStore store, Path directory) {
      Properties config = new Properties();
      config.put(StreamsConfig.APPLICATION_ID_CONFIG, "store-part");
      config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
      config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDbConfig.class);
      MockProcessorContext<Void, Void> context =
          new MockProcessorContext<>(config, new TaskId(0, 0), directory.toFile());
      store.init(context.getStateStoreContext(), store);
    }
  }
}
