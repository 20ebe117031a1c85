package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;

/** {@link KeyText} against strings, and the bytes of their UTF-8 form. */
class KeyTextProperties {

  @Property
  void isTheTextAndItsBytes(@ForAll String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    String readable = new String(utf8, StandardCharsets.UTF_8); // Half surrogates are none.

    assertThat(KeyText.of(text).toString()).isEqualTo(readable);
    assertThat(KeyText.of(text).bytes()).isEqualTo(utf8);
    assertThat(KeyText.of(text).length()).isEqualTo(utf8.length);
    assertThat(KeyText.ofBytes(utf8))
        .isEqualTo(KeyText.of(readable))
        .hasSameHashCodeAs(KeyText.of(readable))
        .isEqualByComparingTo(KeyText.of(readable))
        .isNotEqualTo(text);
  }

  @Property
  void isInTheOrderOfBytes(@ForAll @UniqueElements String[] texts) {
    KeyText[] keys = Arrays.stream(texts).map(KeyText::of).toArray(KeyText[]::new);
    byte[][] bytes = Arrays.stream(keys).map(KeyText::bytes).toArray(byte[][]::new);

    Arrays.sort(keys);
    Arrays.sort(bytes, Arrays::compareUnsigned);

    assertThat(Arrays.stream(keys).map(KeyText::bytes)).containsExactly(bytes);
  }

  @Property
  void growsAsStringsDo(
      @ForAll @StringLength(max = 8) String beginning,
      @ForAll @StringLength(max = 8) String middle,
      @ForAll @StringLength(max = 8) String text) {
    String start = ReferenceMatcher.code(sound(beginning));
    String then = ReferenceMatcher.code(sound(middle));
    String code = ReferenceMatcher.code(sound(text));
    KeyText first = KeyText.of(start);

    assertThat(first.plus(KeyText.of(then))).hasToString(start + then);
    assertThat(first.plusCode(sound(text))).hasToString(start + code);
    assertThat(first.plusCode(KeyText.of(then), sound(text))).hasToString(start + then + code);
    assertThat(KeyText.of(start + then).startsWith(first)).isTrue();
    assertThat(first.startsWith(KeyText.of(start + "x"))).isFalse();
  }

  @Property
  void endsBeforeTheFirstOfACharacter(
      @ForAll @StringLength(max = 6) String before, @ForAll @StringLength(max = 6) String after) {
    String start = ReferenceMatcher.code(sound(before));

    assertThat(KeyText.of(start).before('|')).isEmpty();
    assertThat(KeyText.of(start + '|' + after + '|').before('|').map(KeyText::toString))
        .isEqualTo(start.isEmpty() ? Optional.empty() : Optional.of(start));
  }

  /** With no half of a surrogate pair, which has no code. */
  private static String sound(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
