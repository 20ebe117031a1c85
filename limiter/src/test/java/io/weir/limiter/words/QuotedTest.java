package io.weir.limiter.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {
  @Test
  void whatIsFitForALineStaysAsItIs() {
    assertThat(Quoted.text("GET /café/{id} 5/minute")).isEqualTo("GET /café/{id} 5/minute");
    assertThat(Quoted.text("x".repeat(400))).isEqualTo("x".repeat(400));
  }

  @Test
  void whatIsNotToBeSeenIsWrittenOut() {
    assertThat(Quoted.text("a\n\r\t\u0000\u001b[1mb")).isEqualTo("a\\n\\r\\t\\u0000\\u001b[1mb");
  }

  @Test
  void ofALongTextTheBeginningIsToldAndHowLongItIs() {
    assertThat(Quoted.text("x".repeat(100_000)))
        .isEqualTo("x".repeat(400) + "… (100000 characters)");
  }
}
