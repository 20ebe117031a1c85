package io.weir.limiter.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.LogLines;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.rule.Match;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that wait for their turns, on a thread or without one. */
class RateLimitFilterTurnsTest extends RateLimitFilterKit {
  @Test
  void aTurnThatIsTooLateIsDeniedAndGivenBack() {
    WebContainer container =
        start(
            WebContainer.Kind.TOMCAT,
            filter().waiter(delay -> {}).maxWait(Duration.ofSeconds(1)).build());
    for (int i = 0; i < 2; i++) {
      assertThat(container.get("/reports").statusCode()).isEqualTo(200);
    }

    for (int i = 0; i < 3; i++) {
      HttpResponse<String> denied = container.get("/reports");
      assertThat(denied.statusCode()).isEqualTo(429);
      assertThat(denied.body()).contains("The limit reports is exceeded; try again in 1 s.");
      assertThat(headers(denied)).contains("Retry-After: 1");
    }
    clock.advance(Duration.ofSeconds(1));
    assertThat(container.get("/reports").statusCode()).isEqualTo(200);
  }

  @Test
  void whoIsInterruptedWhileWaitingIsNotServedAndHasTheTokensBack() {
    List<Duration> waits = new ArrayList<>();
    WebContainer container =
        start(
            WebContainer.Kind.JETTY,
            filter()
                .waiter(
                    delay -> {
                      waits.add(delay);
                      throw new InterruptedException();
                    })
                .build());
    container.get("/reports");

    assertThat(container.get("/reports").statusCode()).isEqualTo(503);
    assertThat(container.get("/reports").statusCode()).isEqualTo(503);
    assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
  }

  @Test
  void turnsCanBeIgnored() {
    WebContainer container =
        start(
            WebContainer.Kind.JETTY,
            filter()
                .ignoreTurns()
                .waiter(
                    delay -> {
                      throw new IllegalStateException("nobody waits");
                    })
                .build());

    for (int i = 0; i < 30; i++) {
      assertThat(container.get("/reports").statusCode()).isEqualTo(i < 20 ? 200 : 429);
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestsWaitForTheirTurnWithoutHoldingThreads(WebContainer.Kind kind) {
    Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    int many = 4 * WebContainer.THREADS;
    TestApplication application =
        new TestApplication(
            filter()
                .withoutAttribute("address")
                .async(true)
                .maxWait(Duration.ofMinutes(5))
                .delays(
                    (delay, work) -> {
                      waiting.add(work);
                      return new CompletableFuture<>();
                    })
                .build());
    WebContainer container = start(kind, application);

    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.rangeClosed(0, many)
            .mapToObj(i -> container.sendAsync(container.request("/reports?i=" + i)))
            .toList();

    Awaitility.await().until(() -> waiting.size() == many);
    Awaitility.await().untilAtomic(application.requests, Matchers.is(1));
    waiting.forEach(Runnable::run);
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.join().statusCode()).isEqualTo(200);
              assertThat(answer.join().body()).isEqualTo("page by REQUEST");
            });
    assertThat(application.requests).hasValue(many + 1);
  }

  @ParameterizedTest
  @EnumSource
  void whereTheChainDoesNotSupportItTheThreadWaits(WebContainer.Kind kind) {
    List<Duration> waits = new ArrayList<>();
    WebContainer container =
        start(kind, new TestApplication(false, filter().async(true).waiter(waits::add).build()));

    assertThat(container.get("/reports").statusCode()).isEqualTo(200);
    assertThat(container.get("/reports").statusCode()).isEqualTo(200);
    assertThat(waits).containsExactly(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @EnumSource
  void asynchronousFiltersAnswerAndPassOnAsOthersDo(WebContainer.Kind kind) {
    RateLimitFilter filter = filter().async(true).build();
    WebContainer container = start(kind, filter, filter().build());

    assertThat(container.get("/forward").body()).isEqualTo("page by FORWARD");
    assertThat(container.get("/async").body()).isEqualTo("page by ASYNC");
    assertThat(container.get("/error").statusCode()).isEqualTo(418);
    assertThat(headers(container.get("/page"))).contains("RateLimit: \"per-address\";r=16;t=60");
    for (int i = 0; i < 2; i++) {
      assertThat(post(container, "/login").statusCode()).isEqualTo(200);
    }
    HttpResponse<String> denied = post(container, "/login");
    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.body()).contains("The limit logins is exceeded");
    limiter.close();
    assertThat(container.get("/page").statusCode()).isEqualTo(200);
    assertThat(filter.failures()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void anAsynchronousFilterThatTheContainerLeavesOutIsToldOfAndLimitsFromThenOn(
      WebContainer.Kind kind) {
    Set<DispatcherType> withoutAsync = EnumSet.complementOf(EnumSet.of(DispatcherType.ASYNC));
    WebContainer container =
        start(kind, new TestApplication(true, withoutAsync, filter().async(true).build()));

    try (LogLines logged = LogLines.of(RateLimitFilter.class)) {
      Awaitility.await()
          .untilAsserted(
              () -> {
                assertThat(headers(container.get("/page")))
                    .anyMatch(field -> field.startsWith("RateLimit: "));
                assertThat(logged.messages())
                    .singleElement()
                    .asString()
                    .contains("map it for the dispatcher type ASYNC");
              });
    }

    for (int i = 0; i < 2; i++) {
      assertThat(post(container, "/login").statusCode()).isEqualTo(200);
    }
    assertThat(post(container, "/login").statusCode()).isEqualTo(429);
  }

  @ParameterizedTest
  @EnumSource
  void aFilterInFrontThatAnswersWhatWaitedDoesNotTurnAsynchronousOff(WebContainer.Kind kind) {
    AtomicInteger asked = new AtomicInteger();
    RateLimiter counting =
        over(
            new ForwardingBackend(memory()) {
              @Override
              public CompletionStage<Decision> judgeAsync(Match match, long cost) {
                asked.incrementAndGet();
                return super.judgeAsync(match, cost);
              }
            });
    Filter expiring =
        (request, response, chain) -> {
          if (request.getDispatcherType() == DispatcherType.ASYNC
              && ((HttpServletRequest) request).getHeader("X-Expired") != null) {
            ((HttpServletResponse) response).setStatus(401);
          } else {
            chain.doFilter(request, response);
          }
        };
    WebContainer container = start(kind, expiring, filter(counting).async(true).build());

    for (int i = 1; i <= 5; i++) {
      assertThat(container.send(container.request("/page").header("X-Expired", "1")).statusCode())
          .isEqualTo(401);
      assertThat(container.get("/page").statusCode()).isEqualTo(200);
      assertThat(asked).as("without holding a thread").hasValue(2 * i);
    }
  }
}
