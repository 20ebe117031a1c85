package io.weir.streams.store;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.codec.StoredLimitCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.test.TestRecord;

/** A limit store in a task of its own, with what it writes to its changelog. */
final class StoreHarness implements AutoCloseable {
  private static final String NAME = "weir-limits";

  private final TopologyTestDriver driver;
  private final TestOutputTopic<String, byte[]> changelog;

  private StoreHarness(StoreBuilder<?> store, Path stateDir) {
    Topology topology = new Topology();
    topology.addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "input");
    topology.addProcessor("owner", Owner::new, "source");
    topology.addStateStore(store, "owner");
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    properties.put(
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDbConfig.class.getName());
    driver = new TopologyTestDriver(topology, properties);
    changelog =
        driver.createOutputTopic(
            "app-weir-limits-changelog", new StringDeserializer(), new ByteArrayDeserializer());
  }

  static StoreHarness rocksDb(Path stateDir) {
    return new StoreHarness(LimitStoreBuilder.rocksDb(NAME, codec(), Optional.empty()), stateDir);
  }

  static StoreHarness inMemory(Path stateDir) {
    return new StoreHarness(LimitStoreBuilder.inMemory(NAME, codec(), Optional.empty()), stateDir);
  }

  /** A store on RocksDB whose rows in use are in so many bytes of memory. */
  static StoreHarness cached(Path stateDir, long cacheBytes) {
    return new StoreHarness(
        LimitStoreBuilder.rocksDb(NAME, codec(), Optional.of(new CacheShares(cacheBytes))),
        stateDir);
  }

  /** The same without files. */
  static StoreHarness cachedInMemory(Path stateDir, long cacheBytes) {
    return new StoreHarness(
        LimitStoreBuilder.inMemory(NAME, codec(), Optional.of(new CacheShares(cacheBytes))),
        stateDir);
  }

  LimitStore store() {
    return (LimitStore) driver.getStateStore(NAME);
  }

  /** What was written to the changelog since the last call. */
  List<TestRecord<String, byte[]>> readChangelog() {
    driver.advanceWallClockTime(Duration.ZERO); // hands over what the producer holds
    return changelog.readRecordsToList();
  }

  @Override
  public void close() {
    driver.close();
  }

  private static StoredLimitCodec codec() {
    return new StoredLimitCodec(Algorithms.standard());
  }

  /** Has the store and does nothing. */
  private static final class Owner implements Processor<byte[], byte[], Void, Void> {
    @Override
    public void process(Record<byte[], byte[]> record) {}
  }
}
