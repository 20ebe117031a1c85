package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Wildcards match what the regular expression of the same meaning matches. */
class WildcardProperties {
  @Property(tries = 5000)
  void matchesWhatTheRegularExpressionMatches(
      @ForAll("patterns") String pattern, @ForAll("values") String value) {
    boolean expected = Pattern.matches(pattern.replace("*", "[a-b]*"), value);
    assertThat(new Wildcard(pattern).matches(value)).isEqualTo(expected);
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.strings()
        .withChars('a', 'b', '*')
        .ofMaxLength(8)
        .filter(pattern -> pattern.contains("*"));
  }

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.strings().withChars('a', 'b').ofMaxLength(8);
  }
}
