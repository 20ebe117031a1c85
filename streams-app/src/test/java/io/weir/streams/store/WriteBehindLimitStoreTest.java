package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.KeyText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteBehindLimitStoreTest {
  private static final String NAME = "weir-limits";
  private static final Limit LIMIT = Limit.tokenBucket(5, Duration.ofSeconds(1));
  private static final StoredLimitCodec CODEC = new StoredLimitCodec(Algorithms.standard());

  @TempDir Path stateDir;

  /**
   * The order of Kafka Streams' own calls, on which all depends: rows that were drained after the
   * transaction ended, or not at all, would not be in the changelog yet. A test driver commits
   * after each record.
   */
  @ParameterizedTest
  @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
  void whatARecordChangedIsInTheChangelogOnceWithItsCommit(String guarantee) {
    try (Task task =
        new Task(
            stateDir,
            guarantee,
            store -> {
              store.put(KeyText.of("a|x"), row(1));
              store.put(KeyText.of("a|x"), row(2));
              store.put(KeyText.of("b|x"), row(3));
            })) {
      task.process();
      assertThat(task.changelog())
          .extracting(TestRecord::getKey, record -> CODEC.decode(record.getValue()))
          .containsExactly(tuple("a|x", row(2)), tuple("b|x", row(3)));
      assertThat(task.store().get(KeyText.of("a|x"))).contains(row(2));
    }
  }

  @Test
  void aRowThatIsDeletedBeforeTheCommitIsATombstone() {
    try (Task task =
        new Task(
            stateDir,
            StreamsConfig.EXACTLY_ONCE_V2,
            store -> {
              store.put(KeyText.of("a|x"), row(1));
              store.deleteAll(List.of(KeyText.of("a|x")));
              store.put(KeyText.of("b|x"), row(1));
              store.deleteRowsOf(KeyText.of("b"));
              assertThat(store.get(KeyText.of("a|x"))).isEmpty();
              assertThat(store.get(KeyText.of("b|x"))).isEmpty();
            })) {
      task.process();
      assertThat(task.changelog())
          .last()
          .satisfies(record -> assertThat(record.getValue()).isNull());
      assertThat(task.store().below().get(KeyText.of("a|x"))).isEmpty();
      assertThat(task.store().below().get(KeyText.of("b|x"))).isEmpty();
    }
  }

  @Test
  void whatWasNotCommittedIsForgottenWithTheCache() {
    try (Task task =
        new Task(
            stateDir,
            StreamsConfig.EXACTLY_ONCE_V2,
            store -> {
              store.put(KeyText.of("a|x"), row(1));
              ((WriteBehindLimitStore) store).clearCache();
              assertThat(store.get(KeyText.of("a|x"))).isEmpty();
              store.put(KeyText.of("b|x"), row(2));
            })) {
      task.process();
      assertThat(task.changelog()).extracting(TestRecord::getKey).containsExactly("b|x");
    }
  }

  @Test
  void rowsThatLeaveMemoryAreWrittenFirst() {
    try (Task task =
        new Task(
            stateDir,
            StreamsConfig.EXACTLY_ONCE_V2,
            store -> {
              WriteBehindLimitStore cached = (WriteBehindLimitStore) store;
              for (int i = 0; i < 10_000; i++) {
                store.put(KeyText.of("user_id=" + i % 3_000 + "|x"), row(i / 3_000));
                if (i % 100 == 0) {
                  cached.flushCache();
                }
              }
              for (int i = 0; i < 3_000; i++) {
                assertThat(store.get(KeyText.of("user_id=" + i + "|x")))
                    .contains(row(i < 1_000 ? 3 : 2));
              }
            })) {
      task.process();
    }
  }

  @Test
  void queriesSeeWhatIsNotWrittenYet() {
    try (Task task =
        new Task(
            stateDir,
            StreamsConfig.EXACTLY_ONCE_V2,
            store -> {
              WriteBehindLimitStore cached = (WriteBehindLimitStore) store;
              store.put(KeyText.of("a|y"), row(1));
              cached.flushCache();
              store.put(KeyText.of("a|x"), row(2));
              store.put(KeyText.of("a|y"), row(3));
              store.put(KeyText.of("aa|x"), row(4));
              assertThat(cached.row(KeyText.of("a|x"))).contains(row(2));
              assertThat(store.rowsOf(KeyText.of("a"), 10))
                  .containsExactly(
                      new LimitRow(KeyText.of("a|x"), row(2)),
                      new LimitRow(KeyText.of("a|y"), row(3)));
              assertThat(store.rowsOf(KeyText.of("a"), 1))
                  .containsExactly(new LimitRow(KeyText.of("a|x"), row(2)));
              assertThat(cached.below().get(KeyText.of("a|x"))).isEmpty();
            })) {
      task.process();
    }
  }

  @Test
  void aShareThatIsKeptByDirtyRowsAloneWritesThemBeforeTheCommit() {
    try (Task task =
        new Task(
            stateDir,
            StreamsConfig.EXACTLY_ONCE_V2,
            store -> {
              WriteBehindLimitStore cached = (WriteBehindLimitStore) store;
              for (int i = 0; i < 10_000; i++) {
                store.put(KeyText.of("user_id=" + i + "|x"), row(i % 1000));
              }
              assertThat(cached.below().get(KeyText.of("user_id=0|x"))).contains(row(0));
              for (int i = 0; i < 10_000; i++) {
                assertThat(store.get(KeyText.of("user_id=" + i + "|x"))).contains(row(i % 1000));
              }
            })) {
      task.process();
      assertThat(task.changelog()).hasSize(10_000);
    }
  }

  private static StoredLimit row(long missing) {
    return new StoredLimit(LIMIT, new TokenBucketState(missing, 1_000));
  }

  /** A task that does something to the store with each record. */
  private static final class Task implements AutoCloseable {
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, String> input;
    private final TestOutputTopic<String, byte[]> changelog;

    Task(Path stateDir, String guarantee, Consumer<LimitStore> work) {
      Topology topology = new Topology();
      topology.addSource("source", new StringDeserializer(), new StringDeserializer(), "input");
      topology.addProcessor(
          "owner",
          () ->
              new ContextualProcessor<String, String, Void, Void>() {
                @Override
                public void process(Record<String, String> record) {
                  work.accept(context().getStateStore(NAME));
                }
              },
          "source");
      topology.addStateStore(
          LimitStoreBuilder.rocksDb(NAME, CODEC, Optional.of(new CacheShares(200_000))), "owner");
      Properties properties = new Properties();
      properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
      properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
      properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
      driver = new TopologyTestDriver(topology, properties);
      input = driver.createInputTopic("input", new StringSerializer(), new StringSerializer());
      changelog =
          driver.createOutputTopic(
              "app-weir-limits-changelog", new StringDeserializer(), new ByteArrayDeserializer());
    }

    void process() {
      input.pipeInput("key", "value");
    }

    WriteBehindLimitStore store() {
      return (WriteBehindLimitStore) driver.getStateStore(NAME);
    }

    List<TestRecord<String, byte[]>> changelog() {
      return changelog.readRecordsToList();
    }

    @Override
    public void close() {
      driver.close();
    }
  }
}
