package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.KeyText;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.jspecify.annotations.Nullable;

/** What is on disk and the changelog behind it are, at any time, what was logged. */
class WriteBehindProperties {
  private static final Limit LIMIT = Limit.tokenBucket(1_000_000, Duration.ofSeconds(1));
  private static final TopicPartition CHANGELOG = new TopicPartition("changelog", 0);

  /** What Kafka Streams and the topology do with a store. */
  sealed interface Step {
    record Put(int key, long missing) implements Step {}

    record Get(int key) implements Step {}

    /** A pass over all rows begins. */
    record PassBegins() implements Step {}

    /** The pass visits all rows. */
    record PassSees() implements Step {}

    /** The pass has visited all rows, so that it is known which there are. */
    record PassEnds() implements Step {}

    /**
     * A commit, for which the disk is full; the task is given up, and the disk has room by then.
     */
    record FullDisk() implements Step {}

    record Delete(int key) implements Step {}

    record Commit(int seconds, boolean tells) implements Step {}

    record Recycle() implements Step {}

    /** The task is given up and revived, once before it was restored, and once after. */
    record Revive() implements Step {}

    /** Kafka Streams says that the store has nothing. */
    record Corrupt() implements Step {}
  }

  /** Small enough that rows leave memory, or large enough that none does. */
  @Property(tries = 500)
  void restoringFromWhatTheStoreIsToldToHaveGivesWhatWasLogged(
      @ForAll("steps") List<Step> steps, @ForAll boolean isLarge) {
    Session session = new Session(isLarge ? 1_000_000 : 5_000);
    for (Step step : steps) {
      session.take(step);
      session.assertRestorable();
    }
    session.store.close();
    session.assertRestorable();
  }

  @Property(tries = 100)
  void afterACommitAndACloseAllIsOnDisk(@ForAll("steps") List<Step> steps) {
    Session session = new Session(1_000_000);
    steps.forEach(session::take);
    session.take(new Step.Commit(0, true));
    session.store.close();
    session.assertRestorable();
    assertThat(session.disk.committed.get(CHANGELOG)).isEqualTo(session.changelog.log.size());
  }

  @Property(tries = 1)
  void aStoreThatCannotBeWrittenIsClosedAllTheSameAndSaysNoMoreThanItHas() {
    Session session = new Session(1_000_000);
    session.take(new Step.Put(1, 1));
    session.take(new Step.Commit(0, true));
    Map<TopicPartition, Long> before = session.disk.committed;
    session.take(new Step.Put(2, 1));
    session.store.flushCache();
    session.store.commit(Map.of(CHANGELOG, (long) session.changelog.log.size()));
    session.disk.isFull = true;
    assertThatThrownBy(session.store::close).hasMessage("the disk is full");
    assertThat(session.disk.isOpen()).isFalse();
    assertThat(session.disk.committed).isEqualTo(before);
  }

  private static final class Session {
    final MapStore disk = new MapStore();
    final MapStore changelog = new Logged(disk);
    final Map<KeyText, StoredLimit> expected = new HashMap<>();
    final StoredLimitCodec codec = new StoredLimitCodec(Algorithms.standard());
    final WriteBehindLimitStore store;
    long nanos;
    boolean isSeen;

    Session(long cacheBytes) {
      CacheShares shares = new CacheShares(cacheBytes);
      store =
          new WriteBehindLimitStore(
              new KeyValueLimitStore(changelog, codec, new KnownKeys(shares::keysBytes)),
              new LaggingStore(disk),
              shares,
              new WriteRound(Duration.ofSeconds(30), () -> nanos));
    }

    void take(Step step) {
      if (step instanceof Step.Put put) {
        StoredLimit row = new StoredLimit(LIMIT, new TokenBucketState(put.missing(), 1_000));
        store.put(key(put.key()), row);
        expected.put(key(put.key()), row);
      } else if (step instanceof Step.Get get) {
        assertThat(store.get(key(get.key())).orElse(null)).isEqualTo(expected.get(key(get.key())));
      } else if (step instanceof Step.PassBegins) {
        store.beginPass();
        isSeen = false;
      } else if (step instanceof Step.PassSees) {
        store.seenByPass(
            disk.rows.keySet().stream()
                .mapToLong(key -> store.keyHash(KeyText.ofBytes(key.get())))
                .toArray());
        isSeen = true;
      } else if (step instanceof Step.PassEnds) {
        if (isSeen) {
          store.endPass();
        }
      } else if (step instanceof Step.FullDisk) {
        nanos += Duration.ofSeconds(10).toNanos();
        disk.isFull = true;
        try {
          store.flushCache();
          store.commit(Map.of(CHANGELOG, (long) changelog.log.size()));
        } catch (IllegalStateException e) {
          disk.isFull = false;
          nanos += Duration.ofSeconds(10).toNanos();
          store.flushCache(); // As Kafka Streams does, though the task is lost.
          revive();
        }
        disk.isFull = false;
      } else if (step instanceof Step.Delete delete) {
        store.deleteAll(List.of(key(delete.key())));
        expected.remove(key(delete.key()));
      } else if (step instanceof Step.Commit commit) {
        nanos += Duration.ofSeconds(commit.seconds()).toNanos();
        store.flushCache();
        if (commit.tells()) {
          store.commit(Map.of(CHANGELOG, (long) changelog.log.size()));
        }
      } else if (step instanceof Step.Recycle) {
        store.flushCache();
        store.clearCache();
      } else if (step instanceof Step.Revive) {
        revive();
      } else {
        store.commit(Map.of());
        assertThat(disk.committed).isEmpty();
      }
    }

    private void revive() {
      StateStoreContext context = new MockProcessorContext<>().getStateStoreContext();
      store.close();
      assertRestorable();
      store.init(context, store);
      store.close();
      assertRestorable();
      store.init(context, store);
      restored().forEach(disk.rows::put);
      disk.rows.keySet().retainAll(changelog.rows.keySet());
      store.commit(Map.of(CHANGELOG, (long) changelog.log.size()));
      expected.clear();
      changelog.rows.forEach(
          (key, value) -> expected.put(KeyText.ofBytes(key.get()), codec.decode(value)));
    }

    /** What is on disk, and after it the changelog from where the store says that it is. */
    private Map<Bytes, byte[]> restored() {
      Map<Bytes, byte[]> restored = new HashMap<>(disk.rows);
      int from = Math.toIntExact(disk.committed.getOrDefault(CHANGELOG, 0L));
      for (KeyValue<Bytes, byte[]> entry : changelog.log.subList(from, changelog.log.size())) {
        if (entry.value == null) {
          restored.remove(entry.key);
        } else {
          restored.put(entry.key, entry.value);
        }
      }
      return restored;
    }

    void assertRestorable() {
      Map<Bytes, byte[]> restored = restored();
      assertThat(restored.keySet()).isEqualTo(changelog.rows.keySet());
      restored.forEach(
          (key, value) -> assertThat(Arrays.equals(value, changelog.rows.get(key))).isTrue());
    }

    private static KeyText key(int number) {
      return KeyText.of("api/user_id=" + number + "|#");
    }
  }

  /** As Kafka Streams' wrapper: what is put is logged, all else is the store's. */
  private static final class Logged extends MapStore {
    private final MapStore disk;

    Logged(MapStore disk) {
      this.disk = disk;
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
      return disk.get(key);
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
      disk.commit(changelogOffsets);
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
      disk.init(context, root);
    }

    @Override
    public boolean isOpen() {
      return disk.isOpen();
    }

    @Override
    public void close() {
      disk.close();
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> keys = Arbitraries.integers().between(0, 120);
    Arbitrary<Step> step =
        Arbitraries.frequencyOf(
            Tuple.of(
                20,
                Combinators.combine(keys, Arbitraries.longs().between(1, 1_000)).as(Step.Put::new)),
            Tuple.of(5, keys.map(Step.Get::new)),
            Tuple.of(1, keys.map(Step.Delete::new)),
            Tuple.of(1, Arbitraries.create(Step.PassBegins::new)),
            Tuple.of(1, Arbitraries.create(Step.PassSees::new)),
            Tuple.of(1, Arbitraries.create(Step.PassEnds::new)),
            Tuple.of(1, Arbitraries.create(Step.FullDisk::new)),
            Tuple.of(
                3,
                Combinators.combine(Arbitraries.integers().between(0, 40), Arbitraries.of(true))
                    .as(Step.Commit::new)),
            Tuple.of(
                1,
                Combinators.combine(Arbitraries.integers().between(0, 40), Arbitraries.of(false))
                    .as(Step.Commit::new)),
            Tuple.of(1, Arbitraries.create(Step.Recycle::new)),
            Tuple.of(1, Arbitraries.create(Step.Revive::new)),
            Tuple.of(1, Arbitraries.create(Step.Corrupt::new)));
    return step.list().ofMaxSize(300);
  }
}
