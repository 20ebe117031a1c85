package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTableTest {
  private static final int PLACES = 1_024;

  private final SlotTable table = new SlotTable(64);

  /** A table with linear probing is slow where keys that are alike get places that are alike. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 7, 8, 15, 16, 20, 22})
  void keysThatDifferInOneByteAreSpread(int differing) {
    byte[] key = "user=user-1000000|login".getBytes(StandardCharsets.UTF_8);

    long places =
        IntStream.range(0, 256)
            .map(
                value -> {
                  key[differing] = (byte) value;
                  return table.hash(key, key.length) & (PLACES - 1);
                })
            .distinct()
            .count();

    // By chance there are 227, give or take 5.
    assertThat(places).isBetween(190L, 256L);
  }

  @Test
  void aHashIsOfSoManyBytesOnly() {
    byte[] key = "user=1|login".getBytes(StandardCharsets.UTF_8);
    byte[] other = "user=1|other things".getBytes(StandardCharsets.UTF_8);

    assertThat(table.hash(key, 7)).isEqualTo(table.hash(other, 7));
    assertThat(table.hash(key, 7)).isNotEqualTo(table.hash(key, 8));
  }

  @Test
  void nobodyKnowsWhichKeysMeet() {
    byte[] key = "user=1|login".getBytes(StandardCharsets.UTF_8);

    long hashes =
        IntStream.range(0, 16)
            .map(each -> new SlotTable(64).hash(key, key.length))
            .distinct()
            .count();

    assertThat(hashes).isGreaterThan(10);
  }

  @Test
  void keysAreFoundBesideKeysThatBeginAlike() {
    byte[][] keys =
        IntStream.range(0, 64)
            .mapToObj(i -> "x".repeat(i).getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    for (int slot = 0; slot < keys.length; slot++) {
      assertThat(find(keys[slot], keys)).isEqualTo(SlotTable.NONE);
      table.add(slot, keys[slot]);
    }

    assertThat(IntStream.range(0, keys.length).map(slot -> find(keys[slot], keys)))
        .containsExactlyElementsOf(IntStream.range(0, keys.length).boxed().toList());
  }

  @Test
  void keysAreFoundWhateverIsAddedRemovedAndHoweverItGrows() {
    byte[][] keys =
        IntStream.range(0, 1_024)
            .mapToObj(i -> ("user=" + i).getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    Random random = new Random(7);
    BitSet there = new BitSet();
    int slots = 64;
    for (int i = 0; i < 20_000; i++) {
      int slot = random.nextInt(slots);
      if (there.get(slot)) {
        table.remove(slot);
      } else {
        table.add(slot, keys[slot]);
      }
      there.flip(slot);
      if (i % 4_000 == 3_999) {
        slots *= 2;
        table.grow(slots);
      }
      if (i % 100 == 0) {
        for (int each = 0; each < keys.length; each++) {
          assertThat(find(keys[each], keys)).isEqualTo(there.get(each) ? each : SlotTable.NONE);
        }
      }
    }
  }

  private int find(byte[] key, byte[][] keys) {
    return table.find(key, (slot, wanted) -> Arrays.equals(keys[slot], wanted));
  }
}
