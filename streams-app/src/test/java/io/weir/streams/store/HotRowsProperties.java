package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Hold;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.LeakyBucketState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Hot rows beside a map that never evicts. */
class HotRowsProperties {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** What is done to both. */
  sealed interface Step {
    record PutDirty(int key, StoredLimit row) implements Step {}

    record PutClean(int key, StoredLimit row) implements Step {}

    record Use(int key) implements Step {}

    record Remove(int key) implements Step {}

    record Evict() implements Step {}

    record MarkClean() implements Step {}

    record Clear() implements Step {}
  }

  @Property(tries = 300)
  void noDirtyRowIsEverMissingAndNoRowIsEverAnother(@ForAll("steps") List<Step> steps) {
    HotRows hot = new HotRows();
    Map<Integer, StoredLimit> dirty = new LinkedHashMap<>();
    Map<Integer, StoredLimit> all = new LinkedHashMap<>();
    for (Step step : steps) {
      if (step instanceof Step.PutDirty put) {
        hot.putDirty(key(put.key()), put.row());
        dirty.put(put.key(), put.row());
        all.put(put.key(), put.row());
      } else if (step instanceof Step.PutClean put) {
        // As rows are read from below: only where there is none.
        if (hot.look(key(put.key())).isEmpty()) {
          hot.putClean(key(put.key()), put.row());
          all.put(put.key(), put.row());
        }
      } else if (step instanceof Step.Use use) {
        Optional<StoredLimit> row = hot.use(key(use.key()));
        row.ifPresent(found -> assertThat(found).isEqualTo(all.get(use.key())));
      } else if (step instanceof Step.Remove remove) {
        hot.remove(key(remove.key()));
        dirty.remove(remove.key());
        all.remove(remove.key());
      } else if (step instanceof Step.Evict) {
        int before = hot.size();
        boolean evicted = hot.evict();
        assertThat(evicted).isEqualTo(before > dirty.size());
        assertThat(hot.size()).isEqualTo(evicted ? before - 1 : before);
      } else if (step instanceof Step.MarkClean) {
        hot.markClean();
        dirty.clear();
      } else {
        hot.clear();
        dirty.clear();
        all.clear();
      }
      assertSame(hot, dirty, all);
    }
    while (hot.evict()) {
      assertSame(hot, dirty, all);
    }
    hot.markClean();
    while (hot.evict()) {
      assertThat(hot.isDirty()).isFalse();
    }
    assertThat(hot.size()).isZero();
    assertThat(hot.bytes()).isZero();
  }

  private static void assertSame(
      HotRows hot, Map<Integer, StoredLimit> dirty, Map<Integer, StoredLimit> all) {
    assertThat(hot.isDirty()).isEqualTo(!dirty.isEmpty());
    Map<String, StoredLimit> dirtyRows = new LinkedHashMap<>();
    hot.dirtyRows().forEach(entry -> dirtyRows.put(text(entry.key().get()), entry.row()));
    Map<String, StoredLimit> expected = new LinkedHashMap<>();
    dirty.forEach((key, row) -> expected.put(text(key(key)), row));
    assertThat(dirtyRows).isEqualTo(expected);
    assertThat(hot.size()).isBetween(dirty.size(), all.size());
    int found = 0;
    for (Map.Entry<Integer, StoredLimit> entry : all.entrySet()) {
      Optional<StoredLimit> row = hot.look(key(entry.getKey()));
      if (row.isPresent()) {
        found++;
        assertThat(row).contains(entry.getValue());
      }
    }
    assertThat(hot.size()).isEqualTo(found);
  }

  @Property(tries = 50)
  void dirtyRowsOfAPrefixAreThoseThatBeginSo(@ForAll("steps") List<Step> steps) {
    HotRows hot = new HotRows();
    for (Step step : steps) {
      if (step instanceof Step.PutDirty put) {
        hot.putDirty(key(put.key()), put.row());
      }
    }
    byte[] prefix = "user_id=1".getBytes(StandardCharsets.UTF_8);
    assertThat(hot.dirtyRows(prefix).stream().map(entry -> text(entry.key().get())))
        .containsExactlyElementsOf(
            hot.dirtyRows().stream()
                .map(entry -> text(entry.key().get()))
                .filter(key -> key.startsWith("user_id=1"))
                .toList());
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> keys = Arbitraries.integers().between(0, 200);
    Arbitrary<Step> step =
        Arbitraries.frequencyOf(
            Tuple.of(8, Combinators.combine(keys, rows()).as(Step.PutDirty::new)),
            Tuple.of(4, Combinators.combine(keys, rows()).as(Step.PutClean::new)),
            Tuple.of(4, keys.map(Step.Use::new)),
            Tuple.of(2, keys.map(Step.Remove::new)),
            Tuple.of(3, Arbitraries.create(Step.Evict::new)),
            Tuple.of(1, Arbitraries.create(Step.MarkClean::new)),
            Tuple.of(1, Arbitraries.create(Step.Clear::new)));
    return step.list().ofMaxSize(300);
  }

  private static Arbitrary<StoredLimit> rows() {
    Arbitrary<Long> numbers = Arbitraries.longs().between(1, 5);
    return Combinators.combine(numbers, numbers, Arbitraries.integers().between(0, 5))
        .as(
            (a, b, kind) ->
                switch (kind) {
                  case 0 ->
                      new StoredLimit(Limit.tokenBucket(5, MINUTE), new TokenBucketState(a, b));
                  case 1 ->
                      new StoredLimit(Limit.leakyBucket(5, MINUTE), new LeakyBucketState(a, b));
                  case 2 ->
                      new StoredLimit(Limit.fixedWindow(5, MINUTE), new FixedWindowState(a, b));
                  case 3 ->
                      new StoredLimit(
                          Limit.slidingWindowCounter(9, MINUTE),
                          new SlidingWindowCounterState(a, b, a));
                  case 4 ->
                      new StoredLimit(
                          Limit.slidingWindowLog(9, MINUTE),
                          SlidingWindowLogState.of(new long[] {a}, new long[] {b}));
                  default ->
                      new StoredLimit(
                          Limit.tokenBucket(a, MINUTE),
                          new TokenBucketState(b, a),
                          List.of(new Hold(new HoldId(a, b), a, b, 0)));
                });
  }

  /** Some are the beginning of others. */
  private static byte[] key(int number) {
    return ("user_id=" + number).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }
}
