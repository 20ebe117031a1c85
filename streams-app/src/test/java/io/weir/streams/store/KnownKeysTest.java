package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.KeyText;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

/** What a store knows of the rows below it, and when it asks for one. */
class KnownKeysTest {
  private static final StoredLimit ROW =
      new StoredLimit(Limit.tokenBucket(10, Duration.ofSeconds(1)), new TokenBucketState(1, 1_000));

  private final MapStore disk = new MapStore();
  private final KeyValueLimitStore store = store(10_000);

  @Test
  void asksForEachRowBeforeAPassIsThrough() {
    store.beginPass();
    assertThat(store.get(KeyText.of("a"))).isEmpty();
    assertThat(disk.gets).isEqualTo(1);
  }

  @Test
  void asksForNoRowThatNeitherAPassSawNorAnybodyWroteSince() {
    store.put(KeyText.of("before"), ROW);
    store.beginPass();
    store.put(KeyText.of("meanwhile"), ROW);
    store.seenByPass(new long[] {store.keyHash(KeyText.of("before"))});
    store.endPass();
    store.put(KeyText.of("after"), ROW);

    assertThat(store.get(KeyText.of("never"))).isEmpty();
    assertThat(disk.gets).isZero();
    assertThat(store.takeAbsent()).isEqualTo(1);
    assertThat(store.get(KeyText.of("before"))).contains(ROW);
    assertThat(store.get(KeyText.of("meanwhile"))).contains(ROW);
    assertThat(store.get(KeyText.of("after"))).contains(ROW);
  }

  @Test
  void theNextPassForgetsWhatIsNotThereAnyMore() {
    knowNothingIsThere();
    store.put(KeyText.of("gone"), ROW);
    store.deleteAll(List.of(KeyText.of("gone")));
    assertThat(store.get(KeyText.of("gone"))).isEmpty();
    assertThat(disk.gets).as("not known that it is gone").isEqualTo(1);

    knowNothingIsThere();
    assertThat(store.get(KeyText.of("gone"))).isEmpty();
    assertThat(disk.gets).isEqualTo(1);
  }

  @Test
  void knowsOfIdleRowsThatAreNotForgotten() {
    store.watchWrites();
    store.put(KeyText.of("written"), ROW);
    store.beginPass();
    assertThat(store.deleteUnwritten(List.of(KeyText.of("written"), KeyText.of("unknown"))))
        .isEqualTo(1);
    store.endPass();

    assertThat(store.get(KeyText.of("written"))).contains(ROW);
    assertThat(store.get(KeyText.of("unknown"))).isEmpty();
    assertThat(disk.gets).isEqualTo(1);
  }

  @Test
  void keepsNothingThatWouldTakeNearlyEachRowForThere() {
    KeyValueLimitStore small = store(KeyFilter.LEAST_BYTES);
    small.beginPass();
    for (int i = 0; i < 1_000; i++) {
      small.put(KeyText.of("row " + i), ROW);
    }
    small.endPass();

    assertThat(small.known().bytes()).isZero();
    assertThat(small.get(KeyText.of("row 1"))).contains(ROW);
  }

  @Test
  void knowsNothingOfAStoreThatBeginsAnew() {
    knowNothingIsThere();
    store.beginPass();
    store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    store.seenByPass(new long[0]);
    store.endPass();

    assertThat(store.get(KeyText.of("a"))).isEmpty();
    assertThat(disk.gets).isEqualTo(1);
  }

  @Test
  void storesThatOnlyLearnHaveTheirSharesOfTheMemoryAndNoMore() {
    CacheShares shares = new CacheShares(64_000);
    List<WriteBehindLimitStore> stores =
        Stream.generate(() -> writeBehind(shares)).limit(8).toList();
    for (int pass = 0; pass < 2; pass++) {
      for (WriteBehindLimitStore each : stores) {
        each.beginPass();
        each.seenByPass(new SplittableRandom(1).longs(500).toArray());
        each.endPass();
        each.flushCache();
      }
    }

    assertThat(stores).allMatch(each -> each.below().known().bytes() > 0);
    assertThat(stores.stream().mapToLong(each -> each.below().known().bytes()).sum())
        .isLessThanOrEqualTo(64_000 / 8);
  }

  @Test
  void forgetsWhatItLearnedInALargerShare() {
    CacheShares shares = new CacheShares(64_000);
    WriteBehindLimitStore first = writeBehind(shares);
    first.beginPass();
    first.endPass();
    assertThat(first.below().known().bytes()).isPositive();
    Stream.generate(() -> writeBehind(shares)).limit(8).forEach(WriteBehindLimitStore::beginPass);

    first.flushCache();
    assertThat(first.below().known().bytes()).isZero();
  }

  @Test
  void learnsNothingWithoutRoomForIt() {
    KeyValueLimitStore other = store(KeyFilter.LEAST_BYTES - 1);
    other.beginPass();
    other.endPass();

    assertThat(other.get(KeyText.of("a"))).isEmpty();
    assertThat(disk.gets).isEqualTo(1);
    assertThat(other.known().bytes()).isZero();
  }

  private void knowNothingIsThere() {
    store.beginPass();
    store.seenByPass(new long[0]);
    store.endPass();
  }

  private WriteBehindLimitStore writeBehind(CacheShares shares) {
    return new WriteBehindLimitStore(
        new KeyValueLimitStore(
            disk, new StoredLimitCodec(Algorithms.standard()), new KnownKeys(shares::keysBytes)),
        new LaggingStore(disk),
        shares,
        new WriteRound(Duration.ofSeconds(30), System::nanoTime));
  }

  private KeyValueLimitStore store(long mostBytes) {
    return new KeyValueLimitStore(
        disk, new StoredLimitCodec(Algorithms.standard()), new KnownKeys(() -> mostBytes));
  }
}
