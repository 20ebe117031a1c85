package io.weir.limiter.http;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
  private static Routes routes(String... patterns) {
    return Routes.of(Arrays.stream(patterns).map(RoutePattern::parse).toList());
  }

  private static String find(Routes routes, String method, String path) {
    return routes.find(method, path).map(RoutePattern::toString).orElse("none");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /orders/{id}, GET, /orders/1, true",
    "GET /orders/{id}, HEAD, /orders/1, true",
    "HEAD /orders/{id}, GET, /orders/1, false",
    "GET /orders/{id}, POST, /orders/1, false",
    "GET /orders/{id}, GET, /orders, false",
    "GET /orders/{id}, GET, /orders/1/lines, false",
    "GET /orders/{id}, GET, /Orders/1, false",
    "/orders/*/lines, DELETE, /orders/1/lines, true",
    "/files/**, GET, /files, true",
    "/files/**, GET, /files/a/b, true",
    "/files/**, GET, /filesystem, false",
    "/**, GET, /, true",
    "/, GET, /, true",
    "/, GET, /a, false"
  })
  void aPatternMatchesWhatItSays(String pattern, String method, String path, boolean matches) {
    assertThat(RoutePattern.parse(pattern).matches(method, path)).isEqualTo(matches);
  }

  @Test
  void aSlashThatIsPartOfASegmentStaysEncoded() {
    assertThat(RoutePattern.parse("/a%2Fb").matches("GET", "/a%2Fb")).isTrue();
    assertThat(RoutePattern.parse("/100%").matches("GET", "/100%")).isTrue();
  }

  @Test
  void theMostSpecificRouteWins() {
    Routes routes =
        routes(
            "/**", "/orders/**", "/orders/{id}", "GET /orders/{id}", "/orders/mine", "/{any}/mine");

    assertThat(find(routes, "GET", "/orders/mine")).isEqualTo("/orders/mine");
    assertThat(find(routes, "GET", "/orders/1")).isEqualTo("GET /orders/{id}");
    assertThat(find(routes, "PUT", "/orders/1")).isEqualTo("/orders/{id}");
    assertThat(find(routes, "PUT", "/orders/1/lines")).isEqualTo("/orders/{...}");
    assertThat(find(routes, "PUT", "/orders")).isEqualTo("/orders/{...}");
    assertThat(find(routes, "PUT", "/invoices/mine")).isEqualTo("/{any}/mine");
    assertThat(find(routes, "PUT", "/")).isEqualTo("/{...}");
    assertThat(find(routes("/a"), "PUT", "/b")).isEqualTo("none");
  }

  @Test
  void routesThatAreTheSameMustBeWrittenTheSame() {
    assertThat(find(routes("/a/{x}", "/a/{x}"), "GET", "/a/1")).isEqualTo("/a/{x}");
    assertThat(find(routes("/a/**", "/a/{...}"), "GET", "/a/1")).isEqualTo("/a/{...}");
    assertThatThrownBy(() -> routes("/a/{x}", "/a/{y}"))
        .hasMessage("the routes '/a/{x}' and '/a/{y}' are the same; write both in one way");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "login       | the route 'login' has no path; it must be like POST /login or /files/**",
        "get /a      | the route 'get /a' has the method 'get'; it must be one that is"
            + " registered, such as GET, OTHER for all that are not, or none; did you mean 'GET'?",
        "FROB /a     | the route 'FROB /a' has the method 'FROB'; it must be one that is"
            + " registered, such as GET, OTHER for all that are not, or none",
        "/a/**/b     | the route '/a/**/b' has ** before its end; in between, * and {name} are one"
            + " segment",
        "/a/{b}{c}   | the route '/a/{b}{c}' has the segment '{b}{c}'; * and {name} are whole"
            + " segments",
        "/a*         | the route '/a*' has the segment 'a*'; * and {name} are whole segments",
        "/a{b}       | the route '/a{b}' has the segment 'a{b}'; * and {name} are whole segments",
        "/a/         | the route '/a/' has a path that no request has; it must be like"
            + " /orders/{id}",
        "//a         | the route '//a' has a path that no request has; it must be like"
            + " /orders/{id}",
        "/a?b=1      | the route '/a?b=1' has a query or a fragment; it must be of the path alone:"
            + " /a",
        "/a#b        | the route '/a#b' has a query or a fragment; it must be of the path alone: /a",
        "GET /caf%C3%A9/{id} | the route 'GET /caf%C3%A9/{id}' is percent-encoded; it must be"
            + " written as it is read: /café/{id}",
        "/a/../b     | the route '/a/../b' has a path that no request has; it must be like"
            + " /orders/{id}"
      })
  void aPatternThatMakesNoSenseIsRefused(String pattern, String message) {
    assertThatThrownBy(() -> RoutePattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void extensionsOfHttpHaveRoutesAndSoHaveAllThatNobodyRegistered() {
    Routes routes = routes("PROPFIND /a", "VERSION-CONTROL /a", "OTHER /a");

    assertThat(find(routes, HttpMethods.of("propfind"), "/a")).isEqualTo("PROPFIND /a");
    assertThat(find(routes, "VERSION-CONTROL", "/a")).isEqualTo("VERSION-CONTROL /a");
    assertThat(find(routes, HttpMethods.of("FROB"), "/a")).isEqualTo("OTHER /a");
    assertThat(find(routes, "GET", "/a")).isEqualTo("none");
  }

  @Test
  void aRouteOfHeadItselfComesBeforeThatOfGet() {
    Routes routes = routes("GET /a", "HEAD /a", "GET /b");

    assertThat(find(routes, "HEAD", "/a")).isEqualTo("HEAD /a");
    assertThat(find(routes, "GET", "/a")).isEqualTo("GET /a");
    assertThat(find(routes, "HEAD", "/b")).isEqualTo("GET /b");
  }

  @Test
  void theRoutesOfRulesAreThoseThatTheySpeakOf() {
    Routes routes =
        Routes.in(
            DomainRules.of(
                "api",
                key("address").with(key("route", "POST  /login").limit(RuleLimit.perMinute(5))),
                key("route").limit(RuleLimit.perMinute(5)),
                key("route", "/files/**").limit(RuleLimit.perMinute(5)),
                key("path", "no route").limit(RuleLimit.perMinute(5))));

    assertThat(find(routes, "POST", "/login")).isEqualTo("POST /login");
    assertThat(find(routes, "GET", "/files/a")).isEqualTo("/files/{...}");
  }

  @ParameterizedTest
  @CsvSource({
    "/login, /login",
    "//login/, /login",
    "/health;anything, /health;anything",
    "/a/./b/../../login, /login",
    "/../login, /login",
    "/;/login, /;/login",
    "'', /",
    "/, /",
    "a, /a",
    "/a%2Fb, /a%2Fb"
  })
  void aPathHasOneForm(String path, String expected) {
    assertThat(RequestPaths.normalised(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/app/login, /login",
    "/app//login/, /login",
    "/%61pp/%6Cogin;jsessionid=1, /login",
    "/app;x=1/a;x=1/b;y, /a/b",
    "/app/health%3Banything, /health;anything",
    "/app/a%2Fb%2fc, /a%2Fb%2fc",
    "/app/a+b%20c, /a+b c",
    "/app/%zz;x, /%zz",
    "/app/a/%2e%2e/b, /b",
    "/app, /",
    "'', /"
  })
  void aRawPathHasTheSameForm(String uri, String expected) {
    assertThat(RequestPaths.ofUri(uri, "/app")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/app/search/x, /search/x, false",
    "/app//search;a=1/x/, /search/x/, false",
    "/app/, /index.html, false",
    "/app/search/%2e%2e/x, /x, true",
    "/app/search/..;/x, /x, true",
    "/app/search/./x, /search/x, true",
    "/app/%252e%252e/x, /%2e%2e/x, false",
    "/app/a%2Fb, /a/b, true",
    "/app/a%2Fb, /a%2Fb, false"
  })
  void aPathThatCanBeReadInTwoWaysIsSeen(String uri, String decoded, boolean ambiguous) {
    assertThat(RequestPaths.isAmbiguous(uri, "/app", decoded)).isEqualTo(ambiguous);
  }

  @Property
  void aPathInItsOneFormStaysAsItIs(@ForAll("paths") String path) {
    String normalised = RequestPaths.normalised(path);

    assertThat(RequestPaths.normalised(normalised)).isEqualTo(normalised);
    assertThat(normalised).startsWith("/").doesNotContain("//", "/../", "/./");
  }

  @Property
  void otherSpellingsAreOfTheSameRoute(
      @ForAll("paths") String path, @ForAll("methods") String method) {
    Routes routes = routes("GET /a/{x}", "/a/b", "/b/**", "/{x}/c");
    String spelt = path.replace("/", "//") + "//";

    assertThat(find(routes, method, spelt)).isEqualTo(find(routes, method, path));
  }

  @Property
  void aPatternIsReadOrRefusedWithASentence(@ForAll("paths") String text) {
    try {
      RoutePattern pattern = RoutePattern.parse(text);
      assertThat(RoutePattern.parse(pattern.toString())).isEqualTo(pattern);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("the route '");
    }
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.oneOf(
            Arbitraries.of(
                "/", "a", "b", "c", ".", "..", ";", "{x}", "*", "**", "//", "%2F", "GET "),
            Arbitraries.strings().ofMaxLength(3))
        .list()
        .ofMaxSize(10)
        .map(it -> String.join("", it));
  }

  @Provide
  Arbitrary<String> methods() {
    return Arbitraries.of(List.of("GET", "HEAD", "POST", "OTHER"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /a\nb", "/a\u0000", "/a\u007f/*"})
  void aPathThatNobodyCanSeeIsRefused(String pattern) {
    assertThatThrownBy(() -> RoutePattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "the route '[^\\p{Cntrl}]*' has characters in its path that are not to be seen; leave"
                + " them out");
    assertThatThrownBy(() -> RoutePattern.parseWithHost(pattern))
        .hasMessageMatching("the route '[^\\p{Cntrl}]*' has [^\\p{Cntrl}]*");
  }
}
