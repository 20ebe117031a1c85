package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stars stand for, by examples. */
class WildcardTest {
  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "*, anything, true",
    "/files/*, /files/, true",
    "/files/*, /file, false",
    "/files/*, /other/x, false",
    "a*b*b, aXXb, false",
    "*.png, a.png, true",
    "*.png, a.pngx, false",
    "a*b, ab, true",
    "a*b, aXb, true",
    "a*b, a, false",
    "aba*ba, aba, false",
    "a*b*c, aXbXc, true",
    "a*b*c, aXc, false",
    "a*bc*c, abc, false",
    "a*xy*xz, axyz, false",
    "a*b*b, aXbb, true",
    "a*b*xb, aXxbb, false",
    "a**b, ab, true",
    "*a*b*, xxbxxaxxb, true"
  })
  void starsStandForAnyCharactersOrNone(String pattern, String value, boolean matches) {
    assertThat(new Wildcard(pattern).matches(value)).isEqualTo(matches);
  }
}
