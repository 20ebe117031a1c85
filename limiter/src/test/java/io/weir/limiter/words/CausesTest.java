package io.weir.limiter.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CausesTest {
  @Test
  void theRootIsAtTheBottomOrTheFailureItself() {
    IOException root = new IOException("refused");

    assertThat(Causes.root(new IllegalStateException(new RuntimeException(root)))).isSameAs(root);
    assertThat(Causes.root(root)).isSameAs(root);
  }
}
