package io.weir.limiter.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which misspelt words are recognised. */
class SuggestionTest {
  @ParameterizedTest
  @CsvSource({
    "burst, burst",
    "brst, burst",
    "burstt, burst",
    "bursd, burst",
    "Unit-Multiplier, unit_multiplier",
    "unti_multiplyer, unit_multiplier",
    "nuit_multiplyr, unit_multiplier"
  })
  void wordOfWhichAThirdMustChangeAtMostIsRecognised(String word, String meant) {
    assertThat(Suggestion.nearest(word, List.of("burst", "unit_multiplier"))).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"burxx", "bur", "burstxx", "xxburst", "zebra", "''"})
  void wordOfWhichMoreMustChangeIsNot(String word) {
    assertThat(Suggestion.nearest(word, List.of("burst", "unit_multiplier"))).isEmpty();
  }

  @Test
  void wordThatIsTooLongIsNotCompared() {
    String longest = "a".repeat(64);
    assertThat(Suggestion.nearest(longest, List.of(longest))).contains(longest);
    assertThat(Suggestion.nearest(longest + "a", List.of(longest + "a"))).isEmpty();
  }
}
