package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyFilterTest {
  private static final long MUCH = 16 << 20;
  private static final int MANY = 300_000;

  @Test
  void hasNoKeyAtFirst() {
    KeyFilter filter = new KeyFilter(0, MUCH);

    assertThat(hashes(1).limit(MANY).filter(filter::mayContain)).isEmpty();
    assertThat(filter.isOverfull()).isFalse();
  }

  @Test
  void forgetsNoKeyHoweverManyComeInHoweverLittleRoom() {
    for (long mostBytes : new long[] {KeyFilter.LEAST_BYTES, 1_000, 100_000, MUCH}) {
      KeyFilter filter = new KeyFilter(0, mostBytes);
      hashes(1).limit(MANY).forEach(filter::add);

      assertThat(hashes(1).limit(MANY)).allMatch(filter::mayContain);
      assertThat(filter.bytes()).isLessThanOrEqualTo(mostBytes);
    }
  }

  @Test
  void takesFewOtherKeysForItsOwnThoughItDidNotKnowHowManyCome() {
    KeyFilter filter = new KeyFilter(0, MUCH);
    hashes(1).limit(MANY).forEach(filter::add);

    assertThat(othersTaken(filter)).isLessThan(MANY * 3 / 100);
    assertThat(filter.isOverfull()).isFalse();
  }

  @Test
  void isOneLayerWhereItIsKnownHowManyCome() {
    KeyFilter filter = new KeyFilter(MANY, MUCH);
    long before = filter.bytes();
    hashes(1).limit(MANY).forEach(filter::add);

    assertThat(filter.bytes()).isEqualTo(before);
    assertThat(othersTaken(filter)).isLessThan(MANY * 2 / 100);
  }

  @Test
  void isOverfullWhereItTakesMostOthersForItsOwn() {
    KeyFilter filter = new KeyFilter(MANY, 32 * 1_024);
    hashes(1).limit(MANY).forEach(filter::add);

    assertThat(othersTaken(filter)).isGreaterThan(MANY / 2);
    assertThat(filter.isOverfull()).isTrue();
  }

  @Test
  void isAsLargeAsItMayBeWhereNobodyKnowsHowManyCome() {
    assertThat(new KeyFilter(Long.MAX_VALUE, 100_000).bytes()).isEqualTo(65_536);
  }

  private static long othersTaken(KeyFilter filter) {
    return hashes(2).limit(MANY).filter(filter::mayContain).count();
  }

  private static LongStream hashes(long seed) {
    return new SplittableRandom(seed).longs();
  }
}
