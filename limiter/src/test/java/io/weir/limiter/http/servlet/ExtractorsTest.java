package io.weir.limiter.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.RoutePattern;
import io.weir.limiter.http.Routes;
import io.weir.limiter.http.filter.Extractors;
import io.weir.limiter.http.filter.IncomingRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
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

  @Property
  void noPathMakesTheExtractorFail(@ForAll String path) {
    assertThat(Extractors.path().extract(ambiguous("/app/" + path))).isPresent();
  }
}
