package io.weir.limiter.http.servlet;

import static io.weir.limiter.rule.Descriptor.key;

import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import jakarta.servlet.Filter;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** A filter in front of an application in a real container, with limits of every kind. */
abstract class RateLimitFilterKit {
  static final long START = 1_767_225_600_000L;
  static final DomainRules RULES =
      DomainRules.of(
          "api",
          key("address")
              .limit(RuleLimit.perMinute(20).named("per-address"))
              .with(
                  key("route", "POST /login").limit(RuleLimit.perMinute(2).named("logins")),
                  key("route", "GET /orders/{id}").limit(RuleLimit.perMinute(3).named("orders"))),
          key("api_key").limit(RuleLimit.perHour(1).named("per-key")),
          key("route", "GET /reports")
              .limit(
                  RuleLimit.perSecond(1).named("reports").algorithm(new LeakyBucket()).burst(100)));

  final FakeClock clock = new FakeClock(START);
  final RuleBasedRateLimiter limiter = over(memory());
  final List<AutoCloseable> opened = new ArrayList<>();

  final LimitBackend memory() {
    return InMemoryBackend.builder().clock(clock).build();
  }

  final RuleBasedRateLimiter over(LimitBackend backend) {
    RuleSet rules = RuleSet.of(RULES);
    return new RuleBasedRateLimiter(() -> rules, backend, clock);
  }

  final RateLimitFilterBuilder filter() {
    return filter(limiter);
  }

  final RateLimitFilterBuilder filter(RateLimiter other) {
    return RateLimitFilter.builder(other).rules(RULES).clock(clock);
  }

  final WebContainer start(WebContainer.Kind kind, WebContainer.Application application) {
    WebContainer container = WebContainer.start(kind, application);
    opened.add(container);
    return container;
  }

  final WebContainer start(WebContainer.Kind kind, Filter... filters) {
    return start(kind, new TestApplication(filters));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  static HttpResponse<String> post(WebContainer container, String path) {
    return container.send(container.request(path).POST(BodyPublishers.noBody()));
  }

  static List<String> headers(HttpResponse<?> response) {
    return response.headers().map().entrySet().stream()
        .flatMap(
            field ->
                field.getValue().stream().map(value -> canonical(field.getKey()) + ": " + value))
        .toList();
  }

  /** The client gives names as they came; HTTP does not care for their case. */
  private static String canonical(String name) {
    return Stream.of(
            "RateLimit-Policy",
            "RateLimit",
            "Retry-After",
            "Cache-Control",
            "Content-Type",
            "Weir-Degraded",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset")
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .orElse(name);
  }
}
