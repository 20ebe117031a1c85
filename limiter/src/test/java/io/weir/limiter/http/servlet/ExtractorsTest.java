package io.weir.limiter.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.RequestPaths;
import io.weir.limiter.http.RoutePattern;
import io.weir.limiter.http.Routes;
import io.weir.limiter.http.filter.Extractor;
import io.weir.limiter.http.filter.Extractors;
import io.weir.limiter.http.filter.IncomingRequest;
import io.weir.limiter.words.Quoted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ExtractorsTest {
  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/app/a");
  private final IncomingRequest view = new ServletRequestView(request);

  /** A request whose path its container does not decode. */
  private static final class Ambiguous extends MockHttpServletRequest {
    Ambiguous(String uri) {
      super("GET", uri);
      setContextPath("/app");
    }

    @Override
    public String getPathInfo() {
      throw new IllegalArgumentException("ambiguous");
    }
  }

  private static IncomingRequest ambiguous(String uri) {
    return new ServletRequestView(new Ambiguous(uri));
  }

  @Test
  void whatARequestDoesNotHaveIsLeftOut() {
    assertThat(Extractors.user().extract(view)).isEmpty();
    assertThat(Extractors.header("X-Tenant").extract(view)).isEmpty();
    assertThat(Extractors.hashedHeader("X-API-Key").extract(view)).isEmpty();
    request.addHeader("X-API-Key", "");
    assertThat(Extractors.hashedHeader("X-API-Key").extract(view)).isEmpty();
    assertThat(Extractors.route(() -> Routes.of(List.of())).extract(view)).isEmpty();
  }

  @Test
  void whatARequestHasIsItsAttribute() {
    request.setUserPrincipal(() -> "alice");
    request.addHeader("X-Tenant", "blue");
    request.addHeader("X-API-Key", "abc");
    request.setServletPath("/a");
    request.setPathInfo("/b;x=1");

    assertThat(Extractors.user().extract(view)).hasValue("alice");
    assertThat(Extractors.header("X-Tenant").extract(view)).hasValue("blue");
    assertThat(Extractors.hashedHeader("X-API-Key").extract(view))
        .hasValue("ungWv48Bz-pBQUDeXa4iIw");
    assertThat(
            Extractors.hashedHeader("X-API-Key", "s".getBytes(StandardCharsets.UTF_8))
                .extract(view))
        .isPresent()
        .isNotEqualTo(Extractors.hashedHeader("X-API-Key").extract(view));
    assertThat(Extractors.path().extract(view)).hasValue("/a/b;x=1");
    assertThat(Extractors.method().extract(view)).hasValue("GET");
  }

  @Test
  void aConnectionWithoutAnAddressIsOfNobodyKnown() {
    request.setRemoteAddr("");

    assertThat(Extractors.address(ClientAddresses.ofPeers()).extract(view)).hasValue("unknown");
  }

  @Test
  void aPathThatTheContainerDoesNotDecodeIsDecodedAllTheSame() {
    Routes routes = Routes.of(List.of(RoutePattern.parse("/orders/{id}")));

    assertThat(Extractors.path().extract(ambiguous("/app//orders/%34/;x=1"))).hasValue("/orders/4");
    assertThat(Extractors.route(() -> routes).extract(ambiguous("/app/orders/a+b")))
        .hasValue("/orders/{id}");
    assertThat(Extractors.path().extract(ambiguous("/app/%zz"))).hasValue("/%zz");
    assertThat(Extractors.path().extract(ambiguous("/app/a%3Bb"))).hasValue("/a;b");
  }

  @Test
  void thePathOfAWelcomePageIsThatWhichTheClientAskedFor() {
    assertThat(path("/app/", "/index.html", null)).isEqualTo("/");
    assertThat(path("/app", "/index.html", null)).isEqualTo("/");
    assertThat(path("/app//docs/;x=1", "/docs/index.html", null)).isEqualTo("/docs");
    assertThat(path("/app/docs/", "/faces", "/docs/index.xhtml"))
        .as("not below what was asked for")
        .isEqualTo("/faces/docs/index.xhtml");
    assertThat(path("/app/caf%E9", "/caf\u00e9", null))
        .as("decoded as the container is told to")
        .isEqualTo("/caf\u00e9");
  }

  private static String path(String uri, String servletPath, @Nullable String pathInfo) {
    MockHttpServletRequest mapped = new MockHttpServletRequest("GET", uri);
    mapped.setContextPath("/app");
    mapped.setServletPath(servletPath);
    mapped.setPathInfo(pathInfo);
    return Extractors.path().extract(new ServletRequestView(mapped)).orElseThrow();
  }

  @Test
  void aSlashThatTheContainerDecodedIsNoWelcomePage() {
    MockHttpServletRequest mapped = new MockHttpServletRequest("GET", "/app/a%2Fb");
    mapped.setContextPath("/app");
    mapped.setServletPath("/a/b");

    IncomingRequest decoded = new ServletRequestView(mapped);

    assertThat(RequestPaths.isAmbiguous(decoded.uriPath(), decoded.contextPath(), decoded.path()))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "bearer K, true",
    "'BEARER   K', true",
    "' Bearer K ', true",
    "Bearer k, false",
    "Basic K, false",
    "BearerK, false"
  })
  void credentialsAreTheSameHoweverTheirSchemeIsSpelt(String other, boolean same) {
    Extractor key = Extractors.hashedHeader("authorization");
    request.addHeader("Authorization", "Bearer K");
    MockHttpServletRequest otherwise = new MockHttpServletRequest("GET", "/app/a");
    otherwise.addHeader("Authorization", other);

    assertThat(key.extract(view).equals(key.extract(new ServletRequestView(otherwise))))
        .isEqualTo(same);
  }

  @Test
  void otherHeadersAreKeysAsTheyAre() {
    Extractor key = Extractors.hashedHeader("X-API-Key");
    request.addHeader("X-API-Key", "Bearer K");
    MockHttpServletRequest otherwise = new MockHttpServletRequest("GET", "/app/a");
    otherwise.addHeader("X-API-Key", "bearer K");

    assertThat(key.extract(view)).isNotEqualTo(key.extract(new ServletRequestView(otherwise)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X API Key", "X-API-Key:", "X-Ключ", "X-API-Key\n", "\"X\"", "X/Y"})
  void aNameThatNoHeaderCanHaveIsRefused(String name) {
    assertThatThrownBy(() -> Extractors.header(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the header's name is '"
                + Quoted.text(name)
                + "', which no request can have; it must be of letters, digits and"
                + " !#$%&'*+-.^_`|~, such as X-API-Key");
    assertThatThrownBy(() -> Extractors.hashedHeader(name)).hasMessageContaining("no request can");
    assertThatThrownBy(() -> Extractors.hashedHeader(name, new byte[] {1}))
        .hasMessageContaining("no request can");
    assertThat(Extractors.header("x_api.KEY~1")).isNotNull();
  }

  @Property
  void noPathMakesTheExtractorFail(@ForAll String path) {
    assertThat(Extractors.path().extract(ambiguous("/app/" + path))).isPresent();
  }
}
