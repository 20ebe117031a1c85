package io.weir.limiter.spring;

import static io.weir.limiter.rule.Descriptor.key;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilterChain;

/** A filter in front of an application without a server, and waits that end when a test says so. */
abstract class RateLimitWebFilterKit {
  static final long START = 1_767_225_600_000L;
  static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4711);
  static final DomainRules RULES =
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

  final FakeClock clock = new FakeClock(START);
  final RuleBasedRateLimiter limiter = over(memory());
  final AtomicInteger served = new AtomicInteger();
  final List<String> servedBy = new CopyOnWriteArrayList<>();
  final WebFilterChain application =
      exchange -> {
        served.incrementAndGet();
        servedBy.add(Thread.currentThread().getName());
        return exchange.getResponse().setComplete();
      };
  final List<Duration> waits = new ArrayList<>();
  final Queue<Runnable> waiting = new ArrayDeque<>();

  final LimitBackend memory() {
    return InMemoryBackend.builder().clock(clock).build();
  }

  final RuleBasedRateLimiter over(LimitBackend backend) {
    RuleSet rules = RuleSet.of(RULES);
    return new RuleBasedRateLimiter(() -> rules, backend, clock);
  }

  final RateLimitWebFilterBuilder filter() {
    return filter(limiter);
  }

  final RateLimitWebFilterBuilder filter(AsyncRateLimiter other) {
    return RateLimitWebFilter.builder(other)
        .rules(RULES)
        .delays(
            (delay, work) -> {
              waits.add(delay);
              waiting.add(work);
              return new CompletableFuture<>();
            });
  }

  static MockServerHttpRequest.BaseBuilder<?> get(String path) {
    return MockServerHttpRequest.get(path).remoteAddress(CLIENT);
  }

  static MockServerHttpRequest.BaseBuilder<?> login() {
    return MockServerHttpRequest.post("/login").remoteAddress(CLIENT);
  }

  static MockServerWebExchange exchange(String path) {
    return MockServerWebExchange.from(get(path).build());
  }

  final MockServerHttpResponse send(
      RateLimitWebFilter filter, MockServerHttpRequest.BaseBuilder<?> request) {
    MockServerWebExchange exchange = MockServerWebExchange.from(request.build());
    filter.filter(exchange, application).block();
    return exchange.getResponse();
  }

  static HttpStatus status(MockServerHttpResponse response) {
    return response.getStatusCode() == null
        ? HttpStatus.OK
        : HttpStatus.valueOf(response.getStatusCode().value());
  }
}
