package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.filter.Extractors;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import reactor.core.publisher.Mono;

/** By what requests are told apart: their addresses, users, keys and paths. */
class RateLimitWebFilterAttributesTest extends RateLimitWebFilterKit {
  @Test
  void addressesAreThoseThatTrustedProxiesTell() {
    RateLimitWebFilter filter =
        filter().addresses(ClientAddresses.ofPeers().trusting(List.of("192.0.2.0/24"))).build();
    for (int i = 0; i < 2; i++) {
      send(filter, login().header("X-Forwarded-For", "6.6.6." + i + ", 203.0.113.7"));
    }

    MockServerHttpResponse denied =
        send(filter, login().header("X-Forwarded-For", "6.6.6.9, 203.0.113.7"));
    MockServerHttpResponse other = send(filter, login().header("X-Forwarded-For", "203.0.113.8"));

    assertThat(status(denied)).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    assertThat(status(other)).isEqualTo(HttpStatus.OK);
  }

  @Test
  void anAddressThatIsNotResolvedIsOneAndAConnectionWithoutOneIsOfNobodyKnown() {
    List<String> addresses = new ArrayList<>();
    RateLimitWebFilter filter =
        filter()
            .skip(
                request -> {
                  addresses.add(
                      Extractors.address(ClientAddresses.ofPeers()).extract(request).orElseThrow());
                  return true;
                })
            .build();

    send(filter, MockServerHttpRequest.get("/"));
    send(
        filter,
        MockServerHttpRequest.get("/")
            .remoteAddress(InetSocketAddress.createUnresolved("198.51.100.4", 1)));

    assertThat(addresses).containsExactly("unknown", "198.51.100.4");
  }

  @Test
  void aUserThatIsKnownLaterIsLimited() {
    RateLimitWebFilter filter = filter().build();

    assertThat(status(as(filter, Mono.just(() -> "alice")))).isEqualTo(HttpStatus.OK);
    assertThat(status(as(filter, Mono.just(() -> "alice"))))
        .isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    assertThat(status(as(filter, Mono.just(() -> "bob")))).isEqualTo(HttpStatus.OK);
    assertThat(status(as(filter, Mono.empty()))).isEqualTo(HttpStatus.OK);
    assertThat(filter.unread()).isZero();
  }

  @Test
  void whereNobodyCanTellTheUserTheOtherLimitsHold() {
    RateLimitWebFilter filter = filter().build();
    Mono<Principal> failing = Mono.error(new IllegalStateException("no session"));

    for (int i = 0; i < 20; i++) {
      assertThat(status(as(filter, failing))).isEqualTo(HttpStatus.OK);
    }

    assertThat(status(as(filter, failing))).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    assertThat(filter.unread()).isEqualTo(21);
    RateLimitWebFilter ofNobody = filter().withoutAttribute("user").build();
    as(ofNobody, failing);
    assertThat(ofNobody.unread()).isZero();
  }

  private MockServerHttpResponse as(RateLimitWebFilter filter, Mono<Principal> user) {
    MockServerWebExchange exchange = exchange("/page");
    ServerWebExchange authenticated = exchange.mutate().principal(user).build();
    filter.filter(authenticated, application).block();
    return exchange.getResponse();
  }

  @Test
  void whoSendsTwoKeysDoesNotChooseWhichOneIsCharged() {
    RateLimitWebFilter filter = filter().apiKey("X-API-Key").build();

    MockServerHttpResponse first = send(filter, get("/page").header("X-API-Key", "s3cret"));
    MockServerHttpResponse second = send(filter, get("/page").header("x-api-key", "s3cret"));
    MockServerHttpResponse bad =
        send(filter, get("/page").header("X-API-Key", "made-up", "s3cret"));

    assertThat(status(first)).isEqualTo(HttpStatus.OK);
    assertThat(status(second)).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    assertThat(status(bad)).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(bad.getBodyAsString().block())
        .contains("The field X-API-Key is there several times")
        .doesNotContain("s3cret");
    assertThat(served).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/files/a%2Fb", "/files//a/", "/%66iles/a;v=1/", "/files/a%3Bb"})
  void pathsAreThoseByWhichHandlersAreFound(String path) {
    RateLimitWebFilter filter = filter().build();
    assertThat(status(send(filter, get("/files/x")))).isEqualTo(HttpStatus.OK);

    MockServerHttpRequest.BaseBuilder<?> request =
        MockServerHttpRequest.method(HttpMethod.GET, URI.create(path)).remoteAddress(CLIENT);

    assertThat(status(send(filter, request))).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
  }

  @Test
  void thePathIsThatInsideTheApplication() {
    RateLimitWebFilter filter = filter().build();
    for (int i = 0; i < 2; i++) {
      MockServerHttpResponse response =
          send(
              filter,
              MockServerHttpRequest.get("/app/files/x").contextPath("/app").remoteAddress(CLIENT));
      assertThat(status(response)).isEqualTo(i == 0 ? HttpStatus.OK : HttpStatus.TOO_MANY_REQUESTS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/;x", "/;a/;b", "/shop", "/shop;v=1/eu", "/%73hop", "/sh%2Fop"})
  void aPrefixThatTheClientForwardsIsNoPartOfThePath(String prefix) {
    RateLimitWebFilter filter = filter().build();
    send(filter, login());
    send(filter, login());

    MockServerHttpRequest request = login().header("X-Forwarded-Prefix", prefix).build();
    MockServerWebExchange exchange = MockServerWebExchange.from(request);
    ServerHttpRequest forwarded = new ForwardedHeaderTransformer().apply(request);
    filter.filter(exchange.mutate().request(forwarded).build(), application).block();

    assertThat(forwarded.getPath().contextPath().value()).isEqualTo(prefix);
    assertThat(status(exchange.getResponse())).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/search/%2e%2e/files/x", "/search/..;/files/x", "/x/../files/x"})
  void aPathThatCanBeReadInTwoWaysIsRefusedEvenWhereItWouldBeSkipped(String path) {
    RateLimitWebFilter filter = filter().skip(request -> true).build();

    MockServerHttpResponse refused =
        send(filter, MockServerHttpRequest.method(HttpMethod.GET, URI.create(path)));

    assertThat(status(refused)).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(served).hasValue(0);
  }
}
