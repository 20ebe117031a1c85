package io.weir.limiter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class AttributeTextTest {
  @Test
  void whatIsEmptyNamesNobody() {
    assertThat(AttributeText.valid("")).isEmpty();
  }

  @Test
  void aHashIsTheBeginningOfSha256() {
    // echo -n abc | sha256sum | xxd -r -p | head -c 16 | basenc --base64url
    assertThat(AttributeText.hash("abc")).isEqualTo("ungWv48Bz-pBQUDeXa4iIw");
  }

  @Test
  void aHashWithASecretIsAnother() {
    byte[] secret = "Jefe".getBytes(StandardCharsets.US_ASCII);

    // RFC 4231, test case 2: 5bdcc146bf60754e6a042426089575c7…
    assertThat(AttributeText.hash("what do ya want for nothing?", secret))
        .isEqualTo("W9zBRr9gdU5qBCQmCJV1xw");
  }

  @Property
  void whateverItIsAValueIsValidAndAsLong(@ForAll @StringLength(min = 1, max = 300) String text) {
    String value = AttributeText.valid(text).orElseThrow();

    assertThat(value).hasSameSizeAs(text);
    assertThat(new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(value);
  }
}
