package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.codec.StoredLimitCodec;
import java.time.Duration;
import java.util.List;
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
    assertThat(store.get("a")).isEmpty();
    assertThat(disk.gets).isEqualTo(1);
  }

  @Test
  void asksForNoRowThatNeitherAPassSawNorAnybodyWroteSince() {
    store.put("before", ROW);
    store.beginPass();
    store.put("meanwhile", ROW);
    store.seenByPass(new long[] {store.keyHash("before")});
    store.endPass();
    store.put("after", ROW);

    assertThat(store.get("never")).isEmpty();
    assertThat(disk.gets).isZero();
    assertThat(store.takeAbsent()).isEqualTo(1);
    assertThat(store.get("before")).contains(ROW);
    assertThat(store.get("meanwhile")).contains(ROW);
    assertThat(store.get("after")).contains(ROW);
  }

  @Test
  void theNextPassForgetsWhatIsNotThereAnyMore() {
    knowNothingIsThere();
    store.put("gone", ROW);
    store.deleteAll(List.of("gone"));
    assertThat(store.get("gone")).isEmpty();
    assertThat(disk.gets).as("not known that it is gone").isEqualTo(1);

    knowNothingIsThere();
    assertThat(store.get("gone")).isEmpty();
    assertThat(disk.gets).isEqualTo(1);
  }

  @Test
  void knowsNothingOfAStoreThatBeginsAnew() {
    knowNothingIsThere();
    store.beginPass();
    store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    store.seenByPass(new long[0]);
    store.endPass();

    assertThat(store.get("a")).isEmpty();
    assertThat(disk.gets).isEqualTo(1);
  }

  @Test
  void learnsNothingWithoutRoomForIt() {
    KeyValueLimitStore other = store(KeyFilter.LEAST_BYTES - 1);
    other.beginPass();
    other.endPass();

    assertThat(other.get("a")).isEmpty();
    assertThat(disk.gets).isEqualTo(1);
    assertThat(other.known().bytes()).isZero();
  }

  private void knowNothingIsThere() {
    store.beginPass();
    store.seenByPass(new long[0]);
    store.endPass();
  }

  private KeyValueLimitStore store(long mostBytes) {
    return new KeyValueLimitStore(
        disk, new StoredLimitCodec(Algorithms.standard()), new KnownKeys(() -> mostBytes));
  }
}
