package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RowCellsTest {
  private static final int SLOTS = 3_000;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final RowCells cells = new RowCells();

  @Test
  void keepsKeysOfEachLengthWithTheirFlagsAndRows() {
    for (int slot = 0; slot < SLOTS; slot++) {
      cells.ensure(slot);
      cells.setKey(slot, key(slot));
      cells.setFlags(slot, slot & 0xFF);
      cells.setRow(slot, row(slot));
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      assertThat(cells.key(slot)).isEqualTo(key(slot));
      assertThat(cells.hasKey(slot, key(slot))).isTrue();
      assertThat(cells.flags(slot)).isEqualTo(slot & 0xFF);
      assertThat(cells.row(slot)).isEqualTo(row(slot));
      assertThat(cells.lastMillis(slot)).isEqualTo(row(slot).state().lastMillis());
    }
  }

  @Test
  void aKeyIsAnotherWhereOneByteOrTheLengthIs() {
    cells.ensure(0);
    for (int length = 1; length <= 80; length++) {
      byte[] key = new byte[length];
      cells.setKey(0, key);
      for (int i = 0; i < length; i++) {
        byte[] other = key.clone();
        other[i] = (byte) 0x80;
        assertThat(cells.hasKey(0, other)).isFalse();
      }
      assertThat(cells.hasKey(0, Arrays.copyOf(key, length + 1))).isFalse();
      assertThat(cells.hasKey(0, Arrays.copyOf(key, length - 1))).isFalse();
      cells.free(0);
    }
  }

  @Test
  void nothingIsLeftOfASlotThatWasFreed() {
    cells.ensure(0);
    byte[] key = new byte[100];
    cells.setKey(0, key);
    cells.setFlags(0, 5);
    cells.setRow(
        0,
        new StoredLimit(
            Limit.slidingWindowLog(9, MINUTE),
            SlidingWindowLogState.of(new long[] {1}, new long[] {2})));
    assertThat(cells.isFree(0)).isFalse();
    assertThat(cells.objectBytes()).isGreaterThan(100);

    cells.free(0);
    assertThat(cells.isFree(0)).isTrue();
    assertThat(cells.flags(0)).isZero();
    assertThat(cells.objectBytes()).isZero();
  }

  @Test
  void aRowThatWasAnObjectIsNumbersAgain() {
    cells.ensure(0);
    cells.setKey(0, new byte[] {1});
    cells.setRow(
        0,
        new StoredLimit(
            Limit.slidingWindowLog(9, MINUTE),
            SlidingWindowLogState.of(new long[] {1}, new long[] {2})));
    cells.setRow(0, row(1));

    assertThat(cells.row(0)).isEqualTo(row(1));
    assertThat(cells.objectBytes()).isZero();
  }

  private static byte[] key(int slot) {
    byte[] key = new byte[slot % 80];
    Arrays.fill(key, (byte) (slot * 31 + 200));
    return key;
  }

  private static StoredLimit row(int slot) {
    return new StoredLimit(
        Limit.tokenBucket(1 + slot % 10, MINUTE), new TokenBucketState(slot % 3 + 1, slot));
  }
}
