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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    record Forget(int most) implements Step {}

    record MarkLogged() implements Step {}

    record TakeAhead(int slots) implements Step {}

    record Clear() implements Step {}
  }

  /** What must be known of rows: their values, and what they still need. */
  private static final class Model {
    final Map<String, StoredLimit> all = new LinkedHashMap<>();
    final Set<String> dirty = new LinkedHashSet<>();
    final Set<String> ahead = new LinkedHashSet<>();

    void take(HotRows hot, Step step) {
      if (step instanceof Step.PutDirty put) {
        hot.putDirty(key(put.key()), put.row());
        all.put(text(put.key()), put.row());
        dirty.add(text(put.key()));
        ahead.add(text(put.key()));
      } else if (step instanceof Step.PutClean put) {
        // As rows are read from below: only where there is none.
        if (hot.look(key(put.key())).isEmpty()) {
          hot.putClean(key(put.key()), put.row());
          all.put(text(put.key()), put.row());
        }
      } else if (step instanceof Step.Use use) {
        assertThat(hot.use(key(use.key()))).isEqualTo(hot.look(key(use.key())));
      } else if (step instanceof Step.Remove remove) {
        hot.remove(key(remove.key()));
        List.of(all.keySet(), dirty, ahead).forEach(keys -> keys.remove(text(remove.key())));
      } else if (step instanceof Step.Forget forget) {
        forget(hot, forget.most());
      } else if (step instanceof Step.MarkLogged) {
        hot.markLogged();
        dirty.clear();
      } else if (step instanceof Step.TakeAhead take) {
        wrote(hot.takeAhead(take.slots()));
      } else {
        hot.clear();
        List.of(all.keySet(), dirty, ahead).forEach(Set::clear);
      }
    }

    void forget(HotRows hot, int most) {
      int before = hot.size();
      wrote(hot.choose(most));
      int forgotten = hot.forgetChosen();
      assertThat(forgotten).isEqualTo(Math.min(most, before - dirty.size()));
      assertThat(hot.size()).isEqualTo(before - forgotten);
      all.keySet().removeIf(key -> hot.look(utf8(key)).isEmpty());
    }

    /** Only rows that are logged are written, each with its newest value. */
    void wrote(List<HotRows.Entry> rows) {
      for (HotRows.Entry row : rows) {
        String key = text(row.key().get());
        assertThat(dirty).doesNotContain(key);
        assertThat(ahead.remove(key)).isTrue();
        assertThat(row.row()).isEqualTo(all.get(key));
      }
    }

    void assertSame(HotRows hot) {
      assertThat(hot.size()).isEqualTo(all.size());
      all.forEach((key, row) -> assertThat(hot.look(utf8(key))).contains(row));
      assertThat(all.keySet()).containsAll(dirty).containsAll(ahead);
      assertThat(hot.isDirty()).isEqualTo(!dirty.isEmpty());
      assertThat(hot.dirtyRows().stream().map(row -> text(row.key().get())))
          .containsExactlyElementsOf(dirty);
    }
  }

  @Property(tries = 300)
  void noRowIsForgottenBeforeItIsLoggedAndWrittenAndNoneIsEverAnother(
      @ForAll("steps") List<Step> steps) {
    HotRows hot = new HotRows();
    Model model = new Model();
    for (Step step : steps) {
      model.take(hot, step);
      model.assertSame(hot);
    }
    hot.markLogged();
    model.dirty.clear();
    model.wrote(hot.takeAhead(hot.slots()));
    assertThat(model.ahead).isEmpty();
    model.forget(hot, Integer.MAX_VALUE);
    assertThat(hot.size()).isZero();
    assertThat(hot.bytes()).isZero();
  }

  @Property(tries = 50)
  void rowsOfAnIdentifierAreThoseWhoseKeysBeginSo(@ForAll("steps") List<Step> steps) {
    HotRows hot = new HotRows();
    Model model = new Model();
    steps.forEach(step -> model.take(hot, step));
    Map<String, StoredLimit> expected = new HashMap<>(model.all);
    expected.keySet().removeIf(key -> !key.startsWith("user_id=1|"));
    Map<String, StoredLimit> rows = new HashMap<>();
    hot.rowsOf(utf8("user_id=1|")).forEach(row -> rows.put(text(row.key().get()), row.row()));
    assertThat(rows).isEqualTo(expected);
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
            Tuple.of(2, Arbitraries.integers().between(1, 50).map(Step.Forget::new)),
            Tuple.of(1, Arbitraries.create(Step.MarkLogged::new)),
            Tuple.of(2, Arbitraries.integers().between(1, 200).map(Step.TakeAhead::new)),
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

  /**
   * Several of each identifier, some identifiers are the beginning of others, and some keys are
   * long.
   */
  private static String text(int number) {
    return "user_id=" + number % 20 + "|" + number / 20 + "/".repeat(number % 7 * 11);
  }

  private static byte[] key(int number) {
    return utf8(text(number));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }
}
