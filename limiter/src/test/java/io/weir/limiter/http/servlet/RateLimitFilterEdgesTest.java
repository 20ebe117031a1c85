package io.weir.limiter.http.servlet;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.http.filter.Outcome;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What real containers hardly do. */
class RateLimitFilterEdgesTest {
  private static final RuleSet RULES =
      RuleSet.of(
          DomainRules.of(
              "api",
              key("address").limit(RuleLimit.perMinute(1).algorithm(new LeakyBucket()).burst(3))),
          DomainRules.of("other", key("address").limit(RuleLimit.perMinute(9))));

  private final FakeClock clock = new FakeClock(1_767_225_600_000L);
  private final RateLimiter limiter = over(InMemoryBackend.builder().clock(clock).build());
  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private final AtomicInteger passed = new AtomicInteger();
  private final FilterChain chain = (request, answer) -> passed.incrementAndGet();

  private RateLimiter over(LimitBackend backend) {
    return new RuleBasedRateLimiter(() -> RULES, backend, clock);
  }

  private RateLimitFilterBuilder filter() {
    return filter(limiter);
  }

  private static RateLimitFilterBuilder filter(RateLimiter limiter) {
    return RateLimitFilter.builder(limiter).domain("api").maxWait(Duration.ZERO);
  }

  @Test
  void aPreflightIsNotChargedUnlessThatIsSet() throws Exception {
    RateLimitFilter filter = filter().build();
    for (int i = 0; i < 5; i++) {
      filter.doFilter(preflight(), response, chain);
    }

    assertThat(passed).hasValue(5);
    assertThat(response.getHeaderNames()).isEmpty();

    filter().chargePreflights(true).build().doFilter(preflight(), response, chain);

    assertThat(response.getHeader("RateLimit")).contains(";r=2;");
  }

  @Test
  void aLongPathEscapesNeitherAWildcardNorItsRoute() throws Exception {
    String deep = "/v1" + "/level".repeat(30) + "/leaf";
    HttpRules rules =
        HttpRules.builder("api")
            .limit("deep", deep + " 1/day by address")
            .rules(
                DomainRules.of(
                    "api",
                    key("path", "/files/*").shareThreshold().limit(RuleLimit.perDay(1).named("f"))))
            .build();
    try (RateLimiter judged = RateLimiter.inMemory(rules.ruleSet())) {
      RateLimitFilter filter = RateLimitFilter.builder(judged).rules(rules).build();

      for (String path : List.of("/files/a", "/files/" + "z".repeat(130), deep, deep)) {
        MockHttpServletRequest request = request();
        request.setRequestURI(path);
        request.setServletPath(path);
        filter.doFilter(request, response, chain);
      }
    }

    assertThat(passed).as("one of each limit").hasValue(2);
  }

  @Test
  void whatOnlyLooksLikeAPreflightIsCharged() throws Exception {
    MockHttpServletRequest get = preflight();
    get.setMethod("GET");
    MockHttpServletRequest withoutMethod = preflight();
    withoutMethod.removeHeader("Access-Control-Request-Method");
    MockHttpServletRequest withoutOrigin = preflight();
    withoutOrigin.removeHeader("Origin");

    for (MockHttpServletRequest charged : List.of(get, withoutMethod, withoutOrigin)) {
      filter().ignoreTurns().build().doFilter(charged, response, chain);
    }

    assertThat(response.getHeaders("RateLimit")).hasSize(3);
  }

  private static MockHttpServletRequest preflight() {
    MockHttpServletRequest preflight = request();
    preflight.setMethod("OPTIONS");
    preflight.addHeader("Origin", "https://shop.example");
    preflight.addHeader("Access-Control-Request-Method", "PUT");
    return preflight;
  }

  private static MockHttpServletRequest request() {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
    request.setAsyncSupported(true);
    return request;
  }

  private long delayMillis() {
    return limiter.check(Request.of("api", "address", "127.0.0.1").peek()).delayMillis();
  }

  /** A request that its container gives up while it waits. */
  private static final class GivenUp extends MockHttpServletRequest {
    private final MockAsyncContext context;

    GivenUp(long timeoutMillis) {
      super("GET", "/");
      setAsyncSupported(true);
      context =
          new MockAsyncContext(this, new MockHttpServletResponse()) {
            @Override
            public void dispatch() {
              throw new IllegalStateException("completed");
            }
          };
      context.setTimeout(timeoutMillis);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, @Nullable ServletResponse response) {
      return context;
    }
  }

  @Test
  void whatIsNotHttpPasses() throws Exception {
    ServletRequest request = mock(ServletRequest.class);
    ServletResponse answer = mock(ServletResponse.class);

    filter().build().doFilter(request, answer, chain);
    filter().build().doFilter(request(), answer, chain);

    assertThat(passed).hasValue(2);
    assertThat(delayMillis()).isZero();
  }

  private static <T> T mock(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  @Test
  void anErrorPageOfWhatTheFilterNeverSawPasses() throws Exception {
    MockHttpServletRequest request = request();
    request.setDispatcherType(DispatcherType.ERROR);

    filter().build().doFilter(request, response, chain);

    assertThat(passed).hasValue(1);
    assertThat(delayMillis()).isZero();
  }

  @Test
  void filtersOfTwoDomainsChargeBothAndOfOneOnce() throws Exception {
    MockHttpServletRequest request = request();

    filter().build().doFilter(request, response, chain);
    filter().build().doFilter(request, response, chain);
    RateLimitFilter.builder(limiter).domain("other").build().doFilter(request, response, chain);

    assertThat(passed).hasValue(3);
    assertThat(delayMillis()).isEqualTo(60_000);
    assertThat(response.getHeaders("RateLimit"))
        .containsExactly("\"api.address\";r=2;t=60", "\"other.address\";r=8;t=60");
  }

  @Test
  void whatTheContainerGaveUpMeanwhileIsGivenBack() throws Exception {
    RateLimitFilter filter = filter().maxWait(Duration.ofMinutes(1)).async(true).build();

    filter.doFilter(new GivenUp(30_000), response, chain);
    filter.doFilter(new GivenUp(0), response, chain);

    assertThat(passed).hasValue(0);
    assertThat(delayMillis()).isZero();
    assertThat(filter.failures()).isZero();
  }

  @Test
  void whatWasDeniedOrFailedAndThenGivenUpGivesNothingBack() throws Exception {
    RateLimitFilter denying = filter().cost(request -> 4).async(true).build();
    denying.doFilter(new GivenUp(30_000), response, chain);
    RateLimiter closed = over(InMemoryBackend.builder().clock(clock).build());
    closed.close();
    RateLimitFilter failing = filter(closed).async(true).build();
    failing.doFilter(new GivenUp(30_000), response, chain);

    assertThat(delayMillis()).isZero();
    assertThat(denying.failures() + failing.failures()).isZero();
  }

  @Test
  void whoHoldsAThreadOfTooManyThatWaitIsDeniedAndHasTheTokensBack() throws Exception {
    RateLimitFilter filter = filter().maxWait(Duration.ofMinutes(5)).maxWaiting(0).build();

    filter.doFilter(request(), response, chain);
    filter.doFilter(request(), response, chain);

    assertThat(passed).hasValue(1);
    assertThat(response.getStatus()).isEqualTo(429);
    assertThat(response.getHeader("Retry-After")).isEqualTo("60");
    assertThat(delayMillis()).isEqualTo(60_000);
    assertThatThrownBy(() -> filter().maxWaiting(-1))
        .hasMessage("maxWaiting is -1; it must be 0 or more");
  }

  @Test
  void aRequestThatCannotBecomeAsynchronousTakesNothing() {
    MockHttpServletRequest request =
        new MockHttpServletRequest("GET", "/") {
          @Override
          public AsyncContext startAsync(ServletRequest started, @Nullable ServletResponse answer) {
            throw new IllegalStateException("too late");
          }
        };
    request.setAsyncSupported(true);

    assertThatThrownBy(() -> filter().async(true).build().doFilter(request, response, chain))
        .hasMessage("too late");

    assertThat(delayMillis()).isZero();
  }

  @Test
  void aRequestThatIsGoneWhenTheAnswerComesHasItsTokensBack() throws Exception {
    MockHttpServletRequest request =
        new MockHttpServletRequest("GET", "/") {
          @Override
          public void setAttribute(String name, @Nullable Object value) {
            if (value instanceof Outcome) {
              throw new IllegalStateException("recycled");
            }
            super.setAttribute(name, value);
          }
        };
    request.setAsyncSupported(true);

    filter().async(true).build().doFilter(request, response, chain);

    assertThat(passed).hasValue(0);
    assertThat(delayMillis()).isZero();
  }

  @Test
  void aPeekThatIsTooLateGivesNothingBack() throws Exception {
    filter().build().doFilter(request(), response, chain);

    filter().cost(request -> 0).build().doFilter(request(), response, chain);

    assertThat(response.getStatus()).isEqualTo(429);
    assertThat(delayMillis()).isEqualTo(60_000);
  }

  @Test
  void aRefundThatFailsIsCounted() throws Exception {
    RateLimitFilter filter = filter(over(new Backend(false))).async(true).build();

    filter.doFilter(new GivenUp(0), response, chain);

    assertThat(passed).hasValue(0);
    assertThat(filter.failures()).isEqualTo(1);
  }

  @Test
  void whatADegradedDecisionTookIsNotGivenBackToAStateThatDoesNotHaveIt() throws Exception {
    RateLimitFilter filter = filter(over(new Backend(true))).async(true).build();

    filter.doFilter(new GivenUp(0), response, chain);

    assertThat(passed).hasValue(0);
    assertThat(filter.failures()).isZero();
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> filter().maxWait(Duration.ofMillis(-1)))
        .hasMessage("maxWait is -1 ms; it must be from 0 to an hour");
    RateLimiter synchronous =
        (RateLimiter)
            Proxy.newProxyInstance(
                RateLimiter.class.getClassLoader(),
                new Class<?>[] {RateLimiter.class},
                (proxy, method, arguments) -> "mine");
    assertThatThrownBy(() -> filter(synchronous).async(true).build())
        .hasMessage("the filter is to be asynchronous, and the limiter mine is not");
  }

  /** A backend that gives nothing back. */
  private final class Backend implements LimitBackend {
    private final LimitBackend memory = InMemoryBackend.builder().clock(clock).build();
    private final boolean degraded;

    Backend(boolean degraded) {
      this.degraded = degraded;
    }

    @Override
    public Decision judge(Match match, long cost) {
      Decision decision = memory.judge(match, cost);
      return degraded ? decision.asDegraded("Redis is away") : decision;
    }

    @Override
    public Decision refund(Match match, long cost, long chargedAtMillis) {
      throw new IllegalStateException("Redis is away");
    }

    @Override
    public Decision reset(Match match) {
      return memory.reset(match);
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
