package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestBoundsTest {

  @Test
  void cutsWhatIsLongerAndNothingElse() {
    assertThat(RequestBounds.cut("abc", 3)).isEqualTo("abc");
    assertThat(RequestBounds.cut("abcd", 3)).isEqualTo("abc");
    assertThat(RequestBounds.cut("", 3)).isEmpty();
  }

  @Test
  void neverCutsACharacterInHalf() {
    assertThat(RequestBounds.cut("ab😀", 3)).isEqualTo("ab");
    assertThat(RequestBounds.cut("ab😀c", 4)).isEqualTo("ab😀");
  }
}
