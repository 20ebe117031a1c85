package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.limiter.http.RoutePattern;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @CsvSource({
    "GET /repos/{owner}/**, GET /repos/weir/limiter/issues, true",
    "GET /repos/{owner}/**, GET /repos/weir, true",
    "GET /repos/{owner}/**, GET /repos, false",
    "GET /repos/{owner}/**, HEAD /repos/weir, true",
    "GET /repos/{owner}/**, /repos/weir, false",
    "/repos/*/issues, /repos/weir/issues, true",
    "/a/b, /a/./c/../b, true",
    "GET /repos/{owner}/**, POST /repos/weir/limiter, false",
    "/repos/{owner}, DELETE /repos/weir, true",
    "/repos/{owner}, /repos/weir/limiter, false",
    "/repos, /repos/, true",
    "/repos, /repos?page=2, true",
    "/, /, true",
    "/, /a, false",
    "/**, /, true",
    "PROPFIND /a, propfind /a, true",
    "OTHER /a, FROB /a, true",
    "OTHER /a, GET /a, false",
    "/**, GET //host/a/b, true",
    "//Orders/**, GET //orders/a/b, true",
    "/orders/**, GET //orders/a/b, false",
    "localhost/**, GET //localhost/a, true",
    "/a, /a?from=https://other, true",
    "get /a, GET /a, true",
    "API.example.com/a, GET api.example.com/a, true",
    "api.example.com/a, GET /a, false",
    "api.example.com:8443/**, GET api.example.com/a, false",
    "api.example.com/, GET //api.example.com/, true",
    "api.example.com:8443/**, GET API.example.com:8443/a, true",
  })
  void patternsMatch(String pattern, String endpoint, boolean expected) {
    assertThat(Endpoint.split(endpoint).isOf(RoutePattern.parseWithHost(pattern)))
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
            "/a/{b}/**",
            "GET /a/**",
            "/a/**",
            "/{a}/b",
            "/{a}/**",
            "/**");
    List<RoutePattern> shuffled =
        inOrder.stream().map(RoutePattern::parseWithHost).collect(Collectors.toList());
    Collections.shuffle(shuffled, new Random(7));

    assertThat(shuffled.stream().sorted(RoutePattern.MOST_SPECIFIC_FIRST))
        .extracting(RoutePattern::toString)
        .containsExactlyElementsOf(inOrder);
  }

  @Test
  void aPatternIsWrittenInOneForm() {
    assertThat(Stream.of("get  Api.example.com//a/{b}/", "GET api.example.com/a/{b}"))
        .extracting(text -> RoutePattern.parseWithHost(text).toString())
        .containsOnly("GET api.example.com/a/{b}");
  }

  @Test
  void patternsThatMatchTheSameHaveOneShape() {
    RoutePattern pattern = RoutePattern.parseWithHost("GET /repos/{owner}/**");
    RoutePattern like = RoutePattern.parseWithHost("get /repos/{o}/**/");

    assertThat(like.shape()).isEqualTo(pattern.shape()).isEqualTo("GET /repos/{}/{...}");
    assertThat(like).usingComparator(RoutePattern.MOST_SPECIFIC_FIRST).isEqualTo(pattern);
    assertThat(RoutePattern.parseWithHost("POST /repos/{owner}/**").shape())
        .isNotEqualTo(pattern.shape());
    assertThat(RoutePattern.parseWithHost("//host/").shape()).isEqualTo("host/");
  }

  @Test
  void whatItIsWrittenAsIsReadAsTheSame() {
    for (String text : List.of("GET //orders/a/{b}", "localhost/a", "GET api.test:80/a", "/a/**")) {
      assertThat(RoutePattern.parseWithHost(text)).hasToString(text);
      assertThat(Endpoint.split(text)).hasToString(text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET https://api.test/** | has the scheme of a URL; it must be like GET /repos/weir, or"
            + " with a host GET api.example.com:8443/repos/weir",
        "https://api.test/a      | has the scheme of a URL; it must be like GET /repos/weir, or"
            + " with a host GET api.example.com:8443/repos/weir",
        "GET repos/**            | begins with 'repos'; write GET /repos/** if that is of the path,"
            + " GET //repos/** if it is a host",
        "repos/weir              | begins with 'repos'; write /repos/weir if that is of the path,"
            + " //repos/weir if it is a host",
        "''                      | has no path; it must be like GET /repos/weir, or with a host GET"
            + " api.example.com:8443/repos/weir",
        "GET                     | has no path; it must be like GET /repos/weir, or with a host GET"
            + " api.example.com:8443/repos/weir",
        "api.test                | has no path; it must be like GET /repos/weir, or with a host GET"
            + " api.example.com:8443/repos/weir",
      })
  void whatIsNoEndpointIsAnErrorThatShowsTheForm(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.split(text))
        .withMessage("the endpoint '" + text + "' " + message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutePattern.parseWithHost(text))
        .withMessage("the route '" + text + "' " + message);
  }

  @Test
  void aMisspeltMethodIsAnErrorThatSaysWhatWasMeant() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutePattern.parseWithHost("POTS /a"))
        .withMessage(
            "the route 'POTS /a' has the method 'POTS'; it must be one that is registered, such as"
                + " GET, OTHER for all that are not, or none; did you mean 'POST'?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/**/b",
        "/a/{b",
        "/a/x{b}",
        "",
        "G3T /a",
        "GET /a /b",
        "{h}/a",
        "/a?b=1",
        "/a#b"
      })
  void whatIsNoPatternIsAnError(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutePattern.parseWithHost(text))
        .withMessageStartingWith("the route '" + text + "' ");
  }
}
