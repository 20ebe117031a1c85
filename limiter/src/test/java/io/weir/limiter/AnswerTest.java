package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {

  @Test
  void nothingIsDecidedWithoutAnswers() {
    assertThatThrownBy(() -> new Answer("api/u=1", List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an answer needs at least one limit");
    assertThatThrownBy(() -> new Judge().decide(List.of(), 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a decision needs at least one answer");
  }
}
