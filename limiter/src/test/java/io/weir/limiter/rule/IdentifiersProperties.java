package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;

/** Each identifier is written in one way, and that way is read back. */
class IdentifiersProperties {
  @Property
  void writtenIdentifierReadsBackEqual(
      @ForAll @NotEmpty String domain, @ForAll @NotEmpty String key, @ForAll String value) {
    Assume.that(isText(domain + key + value));
    assertThat(Identifiers.decode(Identifiers.encode(domain, key, value)))
        .isEqualTo(Identifier.of(domain, key, value));
  }

  @Property
  void sharedIdentifierReadsBackEqualAndIsNoValues(
      @ForAll @NotEmpty String key, @ForAll String start, @ForAll String end) {
    Assume.that(isText(key + start + end));
    String pattern = start + "*" + end;
    Identifier shared = new Identifier("api", key, pattern, true);
    assertThat(Identifiers.decode(shared.encoded())).isEqualTo(shared);
    assertThat(shared.encoded()).isNotEqualTo(Identifiers.encode("api", key, pattern));
  }

  @Property
  void codeIsThatOfTheReference(@ForAll String text) {
    Assume.that(isText(text));
    assertThat(PercentCode.encode(text)).isEqualTo(ReferenceMatcher.code(text));
  }

  @Property
  void whatIsReadIsWrittenTheSameWay(@ForAll String code) {
    try {
      assertThat(PercentCode.encode(PercentCode.decode(code))).isEqualTo(code);
    } catch (IdentifierException e) {
      assertThat(e).hasMessageContaining("is not percent-encoded");
    }
  }

  @Property
  void halfASurrogatePairIsRefused(@ForAll String before, @ForAll String after) {
    String half = before + "\ud83d" + "x" + after;
    assertRefused("api", "user_id", half);
    assertRefused("api", half, "42");
    assertRefused(half, "user_id", "42");
  }

  private static void assertRefused(String domain, String key, String value) {
    assertThatThrownBy(() -> Identifier.of(domain, key, value))
        .isInstanceOf(IdentifierException.class)
        .hasMessage("a key or value holds half a surrogate pair, which is no valid Unicode text");
  }

  private static boolean isText(String text) {
    return text.chars().noneMatch(each -> Character.isSurrogate((char) each));
  }
}
