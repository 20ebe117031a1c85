package io.weir.limiter.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RequestPathsProperties {
  @Property
  void thePathOfTheApplicationIsCutOffHoweverItIsSpelt(@ForAll("contextPaths") String contextPath) {
    assertThat(RequestPaths.ofUri(contextPath + "/login", contextPath)).isEqualTo("/login");
  }

  /** Without dots, as who sends those is refused. */
  @Provide
  Arbitrary<String> contextPaths() {
    return Arbitraries.strings().withChars("/;=%2Fab").ofMaxLength(12).map(rest -> "/" + rest);
  }
}
