package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.Match;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

/** What happens where the backend, the limiter, a setting or the application fails. */
class RateLimitWebFilterFailuresTest extends RateLimitWebFilterKit {
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
  void whatTheApplicationFailsWithIsNoFailureOfTheLimiter() {
    RateLimitWebFilter filter = filter().build();
    MockServerWebExchange exchange = exchange("/page");

    Mono<Void> answer =
        filter.filter(exchange, it -> Mono.error(new IllegalArgumentException("its own")));

    assertThatThrownBy(answer::block).hasMessage("its own");
    assertThat(filter.failures()).isZero();
  }
}
