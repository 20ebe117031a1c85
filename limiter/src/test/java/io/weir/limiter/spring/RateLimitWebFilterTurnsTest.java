package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.rule.Match;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Requests that go on later, after a wait for a turn or for the answer of a server. */
class RateLimitWebFilterTurnsTest extends RateLimitWebFilterKit {
  private Mono<Void> sending(RateLimitWebFilter filter) {
    return filter.filter(exchange("/reports"), application);
  }

  private CompletableFuture<?> sendLater(RateLimitWebFilter filter) {
    return sending(filter).toFuture();
  }

  private long delayMillis() {
    return limiter.check(Request.of("api", "route", "GET /reports").peek()).delayMillis();
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
  void whoIsGoneWhileWaitingHasTheTokensBackAndIsNotServed() {
    RateLimitWebFilter filter = filter().build();
    sendLater(filter).join();
    Disposable waitingOne = sending(filter).subscribe();
    assertThat(delayMillis()).isEqualTo(2_000);

    waitingOne.dispose();

    assertThat(delayMillis()).isEqualTo(1_000);
    waiting.remove().run();
    assertThat(served).hasValue(1);
  }

  @Test
  void whoIsGoneBeforeTheRequestGoesOnHasTheTokensBack() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    SlowBackend backend = new SlowBackend(clock);
    backend.hold();
    RuleBasedRateLimiter slow = over(backend);
    RateLimitWebFilter filter = filter(slow).build();
    Request peek = Request.of("api", "address", "192.0.2.1").peek();
    MockServerWebExchange exchange = exchange("/page");
    Schedulers.onScheduleHook("held", task -> () -> tasks.add(task));
    try {
      Disposable gone = filter.filter(exchange, application).subscribe();
      backend.answers.remove().run();
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
    backend.answers.remove().run();
    Awaitility.await().untilAsserted(() -> assertThat(served).hasValue(1));
    assertThat(slow.check(peek).statuses().get(0).remaining()).isEqualTo(19);
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
    Disposable waitingOne = sending(filter).subscribe();

    waitingOne.dispose();
    CompletableFuture<?> tooLate = sendLater(filter);

    assertThat(tooLate).isCompleted();
    assertThat(refunds).as("who is denied took nothing").hasValue(1);
  }

  @Test
  void whoBringsTheAnswerOfAServerDoesNotServeTheRequest() {
    SlowBackend backend = new SlowBackend(clock);
    backend.hold();
    RateLimitWebFilter filter = filter(over(backend)).build();

    CompletableFuture<?> answer = sendLater(filter);
    assertThat(answer).isNotDone();
    backend.answers.remove().run();

    Awaitility.await().untilAsserted(() -> assertThat(answer).isCompleted());
    assertThat(servedBy).doesNotContain(Thread.currentThread().getName());
  }
}
