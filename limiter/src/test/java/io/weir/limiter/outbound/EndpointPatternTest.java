package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.limiter.outbound.EndpointPattern.Endpoint;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointPatternTest {

  @ParameterizedTest
  @CsvSource({
    "GET /repos/{owner}/**, GET /repos/weir/limiter/issues, true",
    "GET /repos/{owner}/**, GET /repos/weir, true",
    "GET /repos/{owner}/**, GET /repos, false",
    "GET /repos/{owner}/**, POST /repos/weir/limiter, false",
    "/repos/{owner}, DELETE /repos/weir, true",
    "/repos/{owner}, /repos/weir/limiter, false",
    "/repos, /repos/, true",
    "/repos, /repos?page=2, true",
    "/, /, true",
    "/, /a, false",
    "/**, /, true",
    "/**, GET host/a/b, true",
    "get /a, GET /a, true",
    "API.example.com/a, GET api.example.com/a, true",
    "api.example.com/a, GET /a, false",
    "api.example.com:8443/**, GET api.example.com/a, false",
    "api.example.com, GET api.example.com/, true",
  })
  void patternsMatch(String pattern, String endpoint, boolean expected) {
    assertThat(EndpointPattern.parse(pattern).matches(Endpoint.split(endpoint)))
        .isEqualTo(expected);
  }

  @Test
  void theMostSpecificIsFirst() {
    List<String> inOrder =
        List.of(
            "GET api.example.com/a/b",
            "api.example.com/a/b",
            "GET /a/b",
            "/a/b",
            "/a/{b}/c",
            "/a/{b}",
            "/a",
            "GET /a/**",
            "/a/**",
            "/{a}/b",
            "/{a}",
            "/",
            "/**");
    List<EndpointPattern> shuffled =
        inOrder.stream().map(EndpointPattern::parse).collect(Collectors.toList());
    Collections.shuffle(shuffled, new Random(7));

    assertThat(shuffled.stream().sorted(EndpointPattern.MOST_SPECIFIC_FIRST))
        .extracting(EndpointPattern::text)
        .containsExactlyElementsOf(inOrder);
  }

  @Test
  void aPatternIsWrittenInOneForm() {
    assertThat(Stream.of("get  Api.example.com//a/{b}/", "GET api.example.com/a/{b}"))
        .extracting(text -> EndpointPattern.parse(text).text())
        .containsOnly("GET api.example.com/a/{b}");
  }

  @Test
  void patternsAreEqualThatMatchTheSame() {
    EndpointPattern pattern = EndpointPattern.parse("GET /repos/{owner}/**");

    assertThat(EndpointPattern.parse("get /repos/{o}/**/"))
        .isEqualTo(pattern)
        .hasSameHashCodeAs(pattern)
        .usingComparator(EndpointPattern.MOST_SPECIFIC_FIRST)
        .isEqualTo(pattern);
    assertThat(EndpointPattern.parse("GET /repos/{owner}")).isNotEqualTo(pattern);
    assertThat(EndpointPattern.parse("POST /repos/{owner}/**")).isNotEqualTo(pattern);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/**/b", "/a/{b", "/a/x{b}", "/a/*", "G3T /a", "GET /a /b", "{h}/a"})
  void whatIsNoPatternIsAnError(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EndpointPattern.parse(text))
        .withMessageStartingWith("'" + text + "' is no pattern of endpoints; it must be like");
  }
}
