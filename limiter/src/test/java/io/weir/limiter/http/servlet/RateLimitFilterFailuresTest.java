package io.weir.limiter.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens where the backend, the limiter or a setting of the filter fails. */
class RateLimitFilterFailuresTest extends RateLimitFilterKit {
  private RateLimiter failing(Supplier<Verdict> verdict) {
    return over(
        new ForwardingBackend(memory()) {
          @Override
          public Decision judge(Match match, long cost) {
            return Decision.unjudged(match, verdict.get(), "redis://10.1.2.3 is away", START);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void whatTheRuleSaysOfAFailingBackendIsShown(WebContainer.Kind kind) {
    Verdict[] verdict = {Verdict.ALLOW};
    RateLimiter failing = failing(() -> verdict[0]);
    WebContainer container = start(kind, filter(failing).build());

    HttpResponse<String> allowed = container.get("/page");
    verdict[0] = Verdict.DENY;
    HttpResponse<String> denied = container.get("/page");

    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(headers(allowed)).contains("Weir-Degraded: allow");
    assertThat(denied.statusCode()).isEqualTo(503);
    assertThat(headers(denied)).contains("Weir-Degraded: deny");
    assertThat(denied.body())
        .contains("#temporary-reduced-capacity", "\"status\":503")
        .doesNotContain("10.1.2.3");
  }

  @Test
  void whatWasJudgedByLocalStateIsShown() {
    RateLimiter local =
        over(
            new ForwardingBackend(memory()) {
              @Override
              public Decision judge(Match match, long cost) {
                return super.judge(match, cost).asDegraded("Redis is away");
              }
            });
    WebContainer container = start(WebContainer.Kind.JETTY, filter(local).build());

    assertThat(headers(container.get("/page"))).contains("Weir-Degraded: local");
  }

  @Test
  void filtersThatAreDegradedInDifferentWaysTellBoth() {
    RateLimiter failing = failing(() -> Verdict.ALLOW);
    RateLimiter broken = over(memory());
    broken.close();
    WebContainer container =
        start(
            WebContainer.Kind.TOMCAT,
            filter(failing).build(),
            filter(broken).domain("two").build(),
            filter(broken).domain("three").build());

    assertThat(container.get("/page").headers().allValues("Weir-Degraded"))
        .containsExactly("allow", "failed");
  }

  @ParameterizedTest
  @EnumSource
  void aLimiterThatThrowsLetsRequestsGoOnUnlessTheFilterIsClosedThen(WebContainer.Kind kind) {
    limiter.close();
    RateLimitFilter open = filter().build();
    RateLimitFilter closed = filter().failOpen(false).build();
    WebContainer openOne = start(kind, open);
    WebContainer closedOne = start(kind, closed);

    HttpResponse<String> served = openOne.get("/page");
    HttpResponse<String> denied = closedOne.get("/page");

    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(headers(served)).contains("Weir-Degraded: failed");
    assertThat(denied.statusCode()).isEqualTo(503);
    assertThat(headers(denied)).contains("Weir-Degraded: failed", "Cache-Control: no-store");
    assertThat(openOne.get("/page").statusCode()).isEqualTo(200);
    assertThat(open.failures()).isEqualTo(2);
    assertThat(closed.failures()).isEqualTo(1);
  }

  @Test
  void aRequestThatMakesNoSenseToTheLimiterIsAFailureToo() {
    RuleSet rules = RuleSet.of(RULES);
    RateLimitFilter refusing =
        filter(
                new RuleBasedRateLimiter(
                    () -> rules,
                    InMemoryBackend.builder().build(),
                    clock,
                    match -> Optional.of("no such identifiers here")))
            .build();

    assertThat(start(WebContainer.Kind.JETTY, refusing).get("/").statusCode()).isEqualTo(200);

    assertThat(refusing.failures()).isEqualTo(1);
  }

  @Test
  void aTestToSkipThatThrowsSkipsNothingAndRefusesNothing() {
    RateLimitFilter filter =
        filter()
            .skip(
                request -> {
                  throw new IllegalStateException("no table");
                })
            .build();
    WebContainer container = start(WebContainer.Kind.TOMCAT, filter);

    HttpResponse<String> served = container.get("/page");

    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(headers(served)).anyMatch(header -> header.startsWith("RateLimit: "));
    assertThat(filter.unread()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void whatCannotBeReadOfARequestSwitchesNoLimitOff(boolean async) {
    RateLimitFilter filter =
        filter()
            .attribute(
                "tenant",
                request -> {
                  throw new IllegalStateException("no tenant");
                })
            .cost(request -> Long.parseLong(request.header("X-Cost").orElseThrow()))
            .async(async)
            .build();
    WebContainer container = start(WebContainer.Kind.TOMCAT, filter);

    for (String cost : List.of("all", "-5")) {
      assertThat(container.send(postOf(container).header("X-Cost", cost)).statusCode())
          .isEqualTo(200);
    }

    assertThat(container.send(postOf(container).header("X-Cost", "")).statusCode()).isEqualTo(429);
    assertThat(filter.failures()).isZero();
    assertThat(filter.unread()).isEqualTo(6);
  }

  private static HttpRequest.Builder postOf(WebContainer container) {
    return container.request("/login").POST(BodyPublishers.noBody());
  }
}
