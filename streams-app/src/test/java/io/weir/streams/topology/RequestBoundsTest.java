package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.query.LimitsQuestion;
import org.junit.jupiter.api.Test;

class RequestBoundsTest {

  /** Queries know nothing of the topology and state the numbers again. */
  @Test
  void whatMayBeAskedIsWhatMayBeRequested() {
    assertThat(LimitsQuestion.MAX_ATTRIBUTES).isEqualTo(RequestBounds.MAX_ATTRIBUTES);
    assertThat(LimitsQuestion.MAX_ATTRIBUTES_CHARS).isEqualTo(RequestBounds.MAX_ATTRIBUTES_CHARS);
  }

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
