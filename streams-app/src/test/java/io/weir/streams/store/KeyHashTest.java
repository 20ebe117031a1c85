package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHashTest {
  private final KeyHash hash = new KeyHash();

  @Test
  void isOfSoManyBytesWhateverFollows() {
    byte[] key = "user=user-1000000|login".getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length <= key.length; length++) {
      assertThat(hash.of(key, length)).isEqualTo(hash.of(Arrays.copyOf(key, length)));
    }
  }

  /** The filter chooses a word by the upper half and bits by the lower one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 6, 12, 18, 32, 40, 48, 56})
  void spreadsKeysThatAreAlikeInAllItsParts(int shift) {
    int[] counts = new int[64];
    for (int i = 0; i < 1_000; i++) {
      byte[] key = ("user=" + i + "|login").getBytes(StandardCharsets.UTF_8);
      counts[(int) (hash.of(key) >>> shift) & 63]++;
    }

    // By chance there are 16 of each, give or take 4.
    for (int count : counts) {
      assertThat(count).isBetween(1, 48);
    }
  }
}
