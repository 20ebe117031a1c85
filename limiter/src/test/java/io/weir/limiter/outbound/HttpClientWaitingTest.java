package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that wait, for their turn or to be sent again, and how that ends early. */
class HttpClientWaitingTest extends HttpClientKit {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTurnThatCannotComeWithinTheTimeoutFailsAtOnce(boolean async) {
    RateLimitedHttpClient client = builder().build();
    client.endpoints().acquire("GET api.test/", 2);

    assertThatThrownBy(
            sendEither(client, get("/a").timeout(Duration.ofMillis(99)).build(), async)::join)
        .cause()
        .isInstanceOf(HttpTimeoutException.class)
        .hasCauseInstanceOf(RateLimitWaitException.class)
        .hasMessageContaining("1 token is to be had after 100 ms, the call may wait 99 ms");
    assertThat(server.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatReturnsNullFailsTheRequestAndKeepsNoPlace(boolean async) {
    RateLimitedHttpClient client = builder().concurrency(1).build();
    server.isHollow = true;
    assertThatThrownBy(sendEither(client, get("/a").build(), async)::join)
        .hasCauseInstanceOf(NullPointerException.class)
        .hasMessageContaining("the client underneath returned null instead of a response");

    server.isHollow = false;
    assertThat(sendEither(client, get("/b").build(), async).join().statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsLeftOfTheTimeoutAfterTheWaitIsThatOfTheExchange() {
    RateLimitedHttpClient client = builder().build();
    HttpRequest request =
        get("/a")
            .header("a", "b")
            .timeout(Duration.ofMillis(150))
            .PUT(BodyPublishers.noBody())
            .build();
    timer.advance(5_000);
    client.endpoints().acquire("PUT api.test/", 2);
    var answer = send(client, request);
    client.endpoints().updateRateLimit("/**", TWO.withBurst(2));
    var exact = send(client, get("/b").timeout(Duration.ofMillis(200)).build());

    timer.advance(200);
    assertThat(answer).isCompleted();
    assertThat(exact).isCompleted();
    assertThat(server.requests.get(0).timeout()).hasValue(Duration.ofMillis(50));
    assertThat(server.requests.get(0).headers().firstValue("a")).hasValue("b");
    assertThat(server.requests.get(0).method()).isEqualTo("PUT");
    assertThat(server.requests.get(1).timeout()).hasValue(Duration.ofMillis(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoIsTooManyAndWhoIsTooLateFailsWithAnIoException(boolean async) {
    RateLimitedHttpClient client = retrying(3).maxWaiting(0).build();
    client.endpoints().acquire("GET api.test/", 2);

    assertThatThrownBy(sendEither(client, get("/a").build(), async)::join)
        .cause()
        .isInstanceOf(IOException.class)
        .hasCauseInstanceOf(OutboundRejectedException.class);
    client.close();
    assertThatThrownBy(sendEither(client, get("/a").build(), async)::join)
        .cause()
        .isInstanceOf(IOException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingFailsWhoWaits() {
    RateLimitedHttpClient client = builder().build();
    client.endpoints().acquire("GET api.test/", 2);
    var waiting = send(client, get("/a").build());

    client.close();
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void anAnswerAfterClosingIsTheCallersAll() {
    RateLimitedHttpClient[] self = new RateLimitedHttpClient[1];
    RateLimitedHttpClient client =
        builder()
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    self[0].close();
                  }
                })
            .build();
    self[0] = client;

    assertThat(send(client, get("/a").build()).join().body()).isEqualTo("body of 200");
  }

  @Test
  void interruptionOfWhoWaitsGivesTheReservationBack() throws Exception {
    RateLimitedHttpClient client = builder().build();
    client.endpoints().acquire("GET api.test/", 2);
    CompletableFuture<HttpResponse<String>> answer = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                answer.complete(client.send(get("/a").build(), BodyHandlers.ofString()));
              } catch (IOException | InterruptedException e) {
                answer.completeExceptionally(e);
              }
            });
    thread.start();
    await().until(() -> client.endpoints().waiting("GET api.test/") == 1);

    thread.interrupt();
    thread.join();
    assertThatThrownBy(answer::join).hasCauseInstanceOf(InterruptedException.class);
    assertThat(client.endpoints().acquire("GET api.test/", 1)).hasMillis(100);
  }

  @Test
  void cancellationReachesWhateverIsWaitedFor() {
    RateLimitedHttpClient client = retrying(2).notAdaptive().build();
    server.answer(429, "Retry-After", "5");
    var pausing = send(client, get("/a").build());
    pausing.cancel(true);
    assertThat(timer.scheduled()).isZero();

    server.hangs = true;
    var running = send(client, get("/a").build());
    running.cancel(true);
    assertThat(server.hanging.get(0)).isCancelled();

    var waiting = send(client, get("/a").build());
    assertThat(waiting).isNotDone();
    waiting.cancel(true);
    timer.advance(10_000);
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void aTimerThatIsClosedEndsARetry() {
    server.answer(429, "Retry-After", "5");
    RateLimitedHttpClient client = retrying(2).notAdaptive().build();
    timer.close();

    assertThatThrownBy(send(client, get("/a").build())::join).hasCauseInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closingEndsAPauseBeforeAnotherAttempt(boolean async) {
    server.answer(429, "Retry-After", "5");
    RateLimitedHttpClient client = retrying(2).notAdaptive().build();
    var answer = sendEither(client, get("/a").build(), async);
    await().until(() -> timer.scheduled() == 1);

    client.close();
    await().until(answer::isDone);
    assertThatThrownBy(answer::join)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("'api' was closed")
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasNoSuppressedExceptions();
    assertThat(timer.scheduled()).isZero();
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void whoPausesWhileTheClientClosesFails() {
    RateLimitedHttpClient[] self = new RateLimitedHttpClient[1];
    server.answer(429, "Retry-After", "5");
    self[0] =
        builder()
            .notAdaptive()
            .retry(
                it ->
                    it.attempts(2)
                        .jitter(
                            most -> {
                              self[0].close();
                              return 0;
                            }))
            .build();

    assertThatThrownBy(send(self[0], get("/a").build())::join)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("'api' was closed");
    assertThat(timer.scheduled()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRetryThatIsNotToBeHasTheFailureBeforeItAsItsCause(boolean async) {
    IOException reset = new IOException("reset");
    server.fail(reset);
    RateLimitedHttpClient client = retrying(2).notAdaptive().build();
    timer.close();

    assertThatThrownBy(sendEither(client, get("/a").build(), async)::join)
        .cause()
        .isExactlyInstanceOf(IOException.class)
        .hasCause(reset)
        .satisfies(
            e -> assertThat(e.getSuppressed()[0]).isInstanceOf(RejectedExecutionException.class));
  }

  @Test
  void whoeverCompletesARequestGivesBackWhatItWaitsFor() {
    RateLimitedHttpClient client = retrying(2).notAdaptive().build();
    client.endpoints().acquire("GET api.test/", 2);
    var waiting = send(client, get("/a").build());
    waiting.completeExceptionally(new TimeoutException());
    assertThat(client.endpoints().waiting("GET api.test/")).isZero();
    assertThat(client.endpoints().acquire("GET api.test/", 1)).hasMillis(100);

    timer.advance(1_000);
    server.answer(429, "Retry-After", "5");
    var pausing = send(client, get("/a").build());
    assertThat(timer.scheduled()).isEqualTo(1);
    pausing.completeExceptionally(new TimeoutException());
    assertThat(timer.scheduled()).isZero();
  }

  @Test
  void aRequestThatIsCancelledWhileItIsSentAgainEndsWhatWasSent() {
    List<CompletableFuture<?>> cancelled = new ArrayList<>();
    server.answer(429, "Retry-After", "1");
    RateLimitedHttpClient client =
        retrying(2)
            .notAdaptive()
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    cancelled.forEach(it -> it.cancel(true));
                  }
                })
            .build();
    var answer = send(client, get("/a").build());
    cancelled.add(answer);
    server.hangs = true;

    timer.advance(1_000);
    assertThat(server.hanging).hasSize(1).allMatch(CompletableFuture::isCancelled);
  }

  @Test
  void whoeverCompletesARequestThatIsUnderWayDoesNotCancelIt() {
    server.hangs = true;
    var running = send(builder().build(), get("/a").build());

    running.completeExceptionally(new TimeoutException());
    assertThat(server.hanging).hasSize(1).noneMatch(CompletableFuture::isCancelled);
  }
}
