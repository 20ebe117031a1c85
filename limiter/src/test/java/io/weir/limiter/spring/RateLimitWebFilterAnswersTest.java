package io.weir.limiter.spring;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.http.RateLimitFields;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;

/** Who is served and who is not, and what the answers and their fields tell. */
class RateLimitWebFilterAnswersTest extends RateLimitWebFilterKit {
  @Test
  void whoIsAllowedIsServedAndToldWhatIsLeft() {
    MockServerHttpResponse response = send(filter().build(), get("/page"));

    assertThat(served).hasValue(1);
    assertThat(servedBy).containsExactly(Thread.currentThread().getName());
    assertThat(response.getHeaders().getFirst("RateLimit-Policy"))
        .isEqualTo("\"per-address\";q=20;w=60");
    assertThat(response.getHeaders().getFirst("RateLimit")).isEqualTo("\"per-address\";r=19;t=60");
  }

  @Test
  void whoIsDeniedIsAnsweredBeforeTheApplication() {
    RateLimitWebFilter filter = filter().build();
    send(filter, login());
    send(filter, login());

    MockServerHttpResponse denied = send(filter, login());

    assertThat(served).hasValue(2);
    assertThat(status(denied)).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    assertThat(denied.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
    assertThat(denied.getHeaders().getFirst("Retry-After")).isEqualTo("60");
    assertThat(denied.getHeaders().getCacheControl()).isEqualTo("no-store");
    assertThat(denied.getBodyAsString().block())
        .hasSize((int) denied.getHeaders().getContentLength())
        .contains("\"violated-policies\":[\"logins\"],\"retry_after_ms\":60000");
  }

  @Test
  void aHeadRequestIsDeniedWithoutABody() {
    RateLimitWebFilter filter = filter().cost(request -> 21).build();

    MockServerHttpResponse denied =
        send(filter, MockServerHttpRequest.head("/page").remoteAddress(CLIENT));

    assertThat(status(denied)).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    assertThat(denied.getHeaders().getContentLength()).isPositive();
    assertThat(denied.getBodyAsString().block()).isEmpty();
  }

  @Test
  void preflightsAndWhatIsSkippedAreNotCharged() {
    RateLimitWebFilter filter =
        filter().cost(request -> 21).skip(request -> request.path().equals("/health")).build();
    MockServerHttpRequest.BaseBuilder<?> preflight =
        MockServerHttpRequest.options("/page")
            .remoteAddress(CLIENT)
            .header("Origin", "https://shop.example")
            .header("Access-Control-Request-Method", "PUT");

    assertThat(status(send(filter, preflight))).isEqualTo(HttpStatus.OK);
    assertThat(status(send(filter, get("/health")))).isEqualTo(HttpStatus.OK);
    assertThat(status(send(filter, get("/page")))).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
  }

  @Test
  void twoFiltersOfOneDomainChargeOnce() {
    RateLimitWebFilter filter = filter().build();
    MockServerWebExchange exchange = exchange("/page");

    filter.filter(exchange, again -> filter().build().filter(again, application)).block();

    assertThat(served).hasValue(1);
    assertThat(exchange.getResponse().getHeaders().getOrEmpty("RateLimit"))
        .containsExactly("\"per-address\";r=19;t=60");
  }

  @Test
  void filtersOfDifferentDomainsTellTheStricterLimitAndListBoth() {
    RateLimitWebFilter wide = ofDomain("wide", 9);
    RateLimitWebFilter tight = ofDomain("tight", 2);
    MockServerWebExchange exchange = exchange("/page");

    tight.filter(exchange, next -> wide.filter(next, application)).block();

    assertThat(exchange.getResponse().getHeaders().getOrEmpty("RateLimit"))
        .containsExactly("\"of-tight\";r=1;t=60", "\"of-wide\";r=8;t=60");
    assertThat(exchange.getResponse().getHeaders().getOrEmpty("X-RateLimit-Remaining"))
        .containsExactly("1");
  }

  private RateLimitWebFilter ofDomain(String domain, long perMinute) {
    RuleSet rules =
        RuleSet.of(
            DomainRules.of(
                domain,
                key("address").limit(RuleLimit.perMinute(perMinute).named("of-" + domain))));
    return RateLimitWebFilter.builder(new RuleBasedRateLimiter(() -> rules, memory(), clock))
        .domain(domain)
        .headers(RateLimitFields.Style.BOTH)
        .build();
  }

  @Test
  void extractorsMayAskForTheExchangeItself() {
    RateLimitWebFilter filter =
        filter()
            .cost(
                request ->
                    request.as(ServerWebExchange.class).getRequest().getQueryParams().size() * 19L)
            .onDenied(
                (exchange, denial) -> {
                  exchange.getResponse().setStatusCode(HttpStatus.CONFLICT);
                  return exchange.getResponse().setComplete();
                })
            .order(7)
            .build();

    send(filter, get("/page?large"));

    assertThat(status(send(filter, get("/page?large")))).isEqualTo(HttpStatus.CONFLICT);
    assertThat(status(send(filter, get("/page")))).isEqualTo(HttpStatus.OK);
    assertThat(filter.getOrder()).isEqualTo(7);
  }

  @Test
  void aDomainIsRequired() {
    assertThat(filter().build().toString())
        .startsWith("RateLimitWebFilter[api: RuleBasedRateLimiter[");
    assertThatThrownBy(() -> RateLimitWebFilter.builder(limiter).build())
        .hasMessage("the domain of the rules is not told");
  }
}
