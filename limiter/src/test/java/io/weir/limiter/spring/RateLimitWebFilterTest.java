package io.weir.limiter.spring;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.RateLimitFields;
import io.weir.limiter.http.filter.Extractors;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class RateLimitWebFilterTest {
  private static final long START = 1_767_225_600_000L;
  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4711);
  private static final DomainRules RULES =
      DomainRules.of(
          "api",
          key("address")
              .limit(RuleLimit.perMinute(20).named("per-address"))
              .with(
                  key("route", "POST /login").limit(RuleLimit.perMinute(2).named("logins")),
                  key("route", "GET /files/{name}").limit(RuleLimit.perMinute(1).named("files"))),
          key("user").limit(RuleLimit.perHour(1).named("per-user")),
          key("api_key").limit(RuleLimit.perHour(1).named("per-key")),
          key("route", "GET /reports")
              .limit(
                  RuleLimit.perSecond(1).named("reports").algorithm(new LeakyBucket()).burst(9)));

  private final FakeClock clock = new FakeClock(START);
  private final RuleBasedRateLimiter limiter = over(memory());
  private final AtomicInteger served = new AtomicInteger();
  private final List<String> servedBy = new CopyOnWriteArrayList<>();
  private final WebFilterChain application =
      exchange -> {
        served.incrementAndGet();
        servedBy.add(Thread.currentThread().getName());
        return exchange.getResponse().setComplete();
      };
  private final List<Duration> waits = new ArrayList<>();
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  private LimitBackend memory() {
    return InMemoryBackend.builder().clock(clock).build();
  }

  private RuleBasedRateLimiter over(LimitBackend backend) {
    RuleSet rules = RuleSet.of(RULES);
    return new RuleBasedRateLimiter(() -> rules, backend, clock);
  }

  private RateLimitWebFilterBuilder filter() {
    return filter(limiter);
  }

  private RateLimitWebFilterBuilder filter(AsyncRateLimiter other) {
    return RateLimitWebFilter.builder(other)
        .rules(RULES)
        .delays(
            (delay, work) -> {
              waits.add(delay);
              waiting.add(work);
              return new CompletableFuture<>();
            });
  }

  private static MockServerHttpRequest.BaseBuilder<?> get(String path) {
    return MockServerHttpRequest.get(path).remoteAddress(CLIENT);
  }

  private static MockServerHttpRequest.BaseBuilder<?> login() {
    return MockServerHttpRequest.post("/login").remoteAddress(CLIENT);
  }

  private MockServerHttpResponse send(
      RateLimitWebFilter filter, MockServerHttpRequest.BaseBuilder<?> request) {
    MockServerWebExchange exchange = MockServerWebExchange.from(request.build());
    filter.filter(exchange, application).block();
    return exchange.getResponse();
  }

  private static HttpStatus status(MockServerHttpResponse response) {
    return response.getStatusCode() == null
        ? HttpStatus.OK
        : HttpStatus.valueOf(response.getStatusCode().value());
  }

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
  void twoFiltersOfOneDomainChargeOnce() {
    RateLimitWebFilter filter = filter().build();
    MockServerWebExchange exchange = MockServerWebExchange.from(get("/page").build());

    filter.filter(exchange, again -> filter().build().filter(again, application)).block();

    assertThat(served).hasValue(1);
    assertThat(exchange.getResponse().getHeaders().getOrEmpty("RateLimit"))
        .containsExactly("\"per-address\";r=19;t=60");
  }

  @Test
  void filtersOfDifferentDomainsTellTheStricterLimitAndListBoth() {
    RateLimitWebFilter wide = ofDomain("wide", 9);
    RateLimitWebFilter tight = ofDomain("tight", 2);
    MockServerWebExchange exchange = MockServerWebExchange.from(get("/page").build());

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
    MockServerWebExchange exchange = MockServerWebExchange.from(get("/page").build());
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

  private long delayMillis() {
    return limiter.check(Request.of("api", "route", "GET /reports").peek()).delayMillis();
  }

  private CompletableFuture<?> sendLater(RateLimitWebFilter filter) {
    return filter
        .filter(MockServerWebExchange.from(get("/reports").build()), application)
        .toFuture();
  }

  @Test
  void requestsWaitForTheirTurnWithoutHoldingTheThread() {
    RateLimitWebFilter filter = filter().build();
    sendLater(filter).join();

    CompletableFuture<?> second = sendLater(filter);

    assertThat(second).isNotDone();
    assertThat(served).hasValue(1);
    assertThat(waits).containsExactly(Duration.ofSeconds(1));
    waiting.remove().run();
    Awaitility.await().untilAsserted(() -> assertThat(second).isCompleted());
    assertThat(served).hasValue(2);
    assertThat(servedBy).last().asString().as("not who brought the turn").startsWith("parallel-");
  }

  @Test
  void whoIsGoneWhileWaitingHasTheTokensBackAndIsNotServed() {
    RateLimitWebFilter filter = filter().build();
    sendLater(filter).join();
    Disposable waitingOne =
        filter.filter(MockServerWebExchange.from(get("/reports").build()), application).subscribe();
    assertThat(delayMillis()).isEqualTo(2_000);

    waitingOne.dispose();

    assertThat(delayMillis()).isEqualTo(1_000);
    waiting.remove().run();
    assertThat(served).hasValue(1);
  }

  @Test
  void whoIsGoneBeforeTheRequestGoesOnHasTheTokensBack() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    Queue<Runnable> answers = new ArrayDeque<>();
    RuleBasedRateLimiter slow =
        over(
            new ForwardingBackend(memory()) {
              @Override
              public CompletionStage<Decision> judgeAsync(Match match, long cost) {
                return CompletableFuture.supplyAsync(() -> judge(match, cost), answers::add);
              }
            });
    RateLimitWebFilter filter = filter(slow).build();
    Request peek = Request.of("api", "address", "192.0.2.1").peek();
    MockServerWebExchange exchange = MockServerWebExchange.from(get("/page").build());
    Schedulers.onScheduleHook("held", task -> () -> tasks.add(task));
    try {
      Disposable gone = filter.filter(exchange, application).subscribe();
      answers.remove().run();
      Awaitility.await().until(() -> !tasks.isEmpty());
      assertThat(slow.check(peek).statuses().get(0).remaining()).isEqualTo(19);

      gone.dispose();
      tasks.forEach(Runnable::run);
    } finally {
      Schedulers.resetOnScheduleHook("held");
    }

    assertThat(slow.check(peek).statuses().get(0).remaining()).isEqualTo(20);
    assertThat(served).hasValue(0);

    // Who subscribes once more, as after a time-out, is asked about once more.
    var unused = filter.filter(exchange, application).subscribe();
    answers.remove().run();
    Awaitility.await().untilAsserted(() -> assertThat(served).hasValue(1));
    assertThat(slow.check(peek).statuses().get(0).remaining()).isEqualTo(19);
  }

  @Test
  void aTestToSkipThatThrowsSkipsNothingAndRefusesNothing() {
    RateLimitWebFilter filter =
        filter()
            .skip(
                request -> {
                  throw new IllegalStateException("no table");
                })
            .build();

    assertThat(status(send(filter, login()))).isEqualTo(HttpStatus.OK);
    assertThat(status(send(filter, login()))).isEqualTo(HttpStatus.OK);
    assertThat(status(send(filter, login()))).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    assertThat(filter.unread()).isEqualTo(3);
  }

  @Test
  void aTurnThatIsTooLateIsDeniedAndGivenBack() {
    RateLimitWebFilter filter = filter().maxWait(Duration.ofMillis(600)).build();
    sendLater(filter).join();

    for (int i = 0; i < 3; i++) {
      MockServerHttpResponse denied = send(filter, get("/reports"));
      assertThat(status(denied)).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
      assertThat(denied.getBodyAsString().block()).contains("try again in 400 ms.");
    }
    assertThat(delayMillis()).isEqualTo(1_000);
  }

  @Test
  void aRefundThatIsNeverAnsweredHoldsUpNobody() {
    AtomicInteger refunds = new AtomicInteger();
    RateLimitWebFilter filter =
        filter(
                over(
                    new ForwardingBackend(memory()) {
                      @Override
                      public Decision refund(Match match, long cost, long chargedAtMillis) {
                        throw new AssertionError("a thread would wait for it");
                      }

                      @Override
                      public CompletionStage<Decision> refundAsync(
                          Match match, long cost, long chargedAtMillis) {
                        refunds.incrementAndGet();
                        return new CompletableFuture<>();
                      }
                    }))
            .maxWait(Duration.ofSeconds(1))
            .build();
    sendLater(filter).join();
    Disposable waitingOne =
        filter.filter(MockServerWebExchange.from(get("/reports").build()), application).subscribe();

    waitingOne.dispose();
    CompletableFuture<?> tooLate = sendLater(filter);

    assertThat(tooLate).isCompleted();
    assertThat(refunds).as("who is denied took nothing").hasValue(1);
  }

  @Test
  void turnsCanBeIgnored() {
    RateLimitWebFilter filter = filter().ignoreTurns().maxWait(Duration.ZERO).build();

    for (int i = 0; i < 9; i++) {
      assertThat(status(send(filter, get("/reports")))).isEqualTo(HttpStatus.OK);
    }

    assertThat(waits).isEmpty();
  }

  @Test
  void whereNobodyTakesTheTurnTheLimiterHasFailedAndTheTokensAreGivenBack() {
    RateLimitWebFilter closing =
        filter()
            .delays(
                (delay, work) -> {
                  throw new RejectedExecutionException("closing");
                })
            .build();
    send(closing, get("/reports"));

    MockServerHttpResponse open = send(closing, get("/reports"));

    assertThat(open.getHeaders().getFirst("Weir-Degraded")).isEqualTo("failed");
    assertThat(closing.failures()).isEqualTo(1);
    assertThat(delayMillis()).isEqualTo(1_000);
  }

  @Test
  void whatTheRuleSaysOfAFailingBackendIsShown() {
    Verdict[] verdict = {Verdict.ALLOW};
    RateLimitWebFilter filter =
        filter(
                over(
                    new ForwardingBackend(memory()) {
                      @Override
                      public Decision judge(Match match, long cost) {
                        return Decision.unjudged(match, verdict[0], "redis://10.1.2.3", START);
                      }
                    }))
            .build();

    MockServerHttpResponse allowed = send(filter, get("/page"));
    verdict[0] = Verdict.DENY;
    MockServerHttpResponse denied = send(filter, get("/page"));

    assertThat(status(allowed)).isEqualTo(HttpStatus.OK);
    assertThat(allowed.getHeaders().getFirst("Weir-Degraded")).isEqualTo("allow");
    assertThat(status(denied)).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    assertThat(denied.getHeaders().getFirst("Weir-Degraded")).isEqualTo("deny");
    assertThat(denied.getBodyAsString().block()).doesNotContain("10.1.2.3");
  }

  @Test
  void aLimiterThatFailsLetsRequestsGoOnUnlessTheFilterIsClosedThen() {
    AsyncRateLimiter failing =
        over(
            new ForwardingBackend(memory()) {
              @Override
              public CompletionStage<Decision> judgeAsync(Match match, long cost) {
                return CompletableFuture.failedFuture(new IllegalStateException("gone"));
              }
            });
    limiter.close();
    RateLimitWebFilter open = filter(failing).build();
    RateLimitWebFilter closed = filter(limiter).failOpen(false).build();

    MockServerHttpResponse servedOne = send(open, get("/page"));
    MockServerHttpResponse denied = send(closed, get("/page"));

    assertThat(status(servedOne)).isEqualTo(HttpStatus.OK);
    assertThat(servedOne.getHeaders().getFirst("Weir-Degraded")).isEqualTo("failed");
    assertThat(status(denied)).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    assertThat(denied.getHeaders().getFirst("Weir-Degraded")).isEqualTo("failed");
    assertThat(open.failures() + closed.failures()).isEqualTo(2);
    assertThat(served).hasValue(1);
  }

  @Test
  void whoBringsTheAnswerOfAServerDoesNotServeTheRequest() {
    Queue<Runnable> answers = new ArrayDeque<>();
    RateLimitWebFilter filter =
        filter(
                over(
                    new ForwardingBackend(memory()) {
                      @Override
                      public CompletionStage<Decision> judgeAsync(Match match, long cost) {
                        return CompletableFuture.supplyAsync(
                            () -> judge(match, cost), answers::add);
                      }
                    }))
            .build();

    CompletableFuture<?> answer = sendLater(filter);
    assertThat(answer).isNotDone();
    answers.remove().run();

    Awaitility.await().untilAsserted(() -> assertThat(answer).isCompleted());
    assertThat(servedBy).doesNotContain(Thread.currentThread().getName());
  }

  @Test
  void whatTheApplicationFailsWithIsNoFailureOfTheLimiter() {
    RateLimitWebFilter filter = filter().build();
    MockServerWebExchange exchange = MockServerWebExchange.from(get("/page").build());

    Mono<Void> answer =
        filter.filter(exchange, it -> Mono.error(new IllegalArgumentException("its own")));

    assertThatThrownBy(answer::block).hasMessage("its own");
    assertThat(filter.failures()).isZero();
  }

  @Test
  void aDomainIsRequired() {
    assertThat(filter().build().toString())
        .startsWith("RateLimitWebFilter[api: RuleBasedRateLimiter[");
    assertThatThrownBy(() -> RateLimitWebFilter.builder(limiter).build())
        .hasMessage("the domain of the rules is not told");
  }
}
