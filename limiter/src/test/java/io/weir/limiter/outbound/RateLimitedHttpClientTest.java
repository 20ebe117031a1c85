package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.tck.FakeClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitedHttpClientTest {
  private static final Limit TWO = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(2);

  private final FakeClock clock = new FakeClock(1_700_000_000_000L);
  private final FakeTimer timer = new FakeTimer(clock);
  private final FakeHttpClient server = new FakeHttpClient();

  private RateLimitedHttpClient.Builder builder() {
    return RateLimitedHttpClient.builder(server, TWO)
        .name("api")
        .clock(clock)
        .timer(timer)
        .executor(Runnable::run);
  }

  private RateLimitedHttpClient.Builder retrying(int attempts) {
    return builder().retry(it -> it.attempts(attempts).jitter(most -> 0));
  }

  @Test
  void requestsPassThrough() throws Exception {
    RateLimitedHttpClient client = builder().build();
    HttpRequest request = get("/a").build();

    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("body of 200");
    assertThat(response.request()).isSameAs(request);
    assertThat(client.sendAsync(request, BodyHandlers.ofString()).join().body())
        .isEqualTo("body of 200");
  }

  @Test
  void refusalsAreReturnedAsTheyAreWhereNothingIsSentTwice() throws Exception {
    server.answer(429, "Retry-After", "1");
    RateLimitedHttpClient client = builder().build();

    HttpResponse<String> response = client.send(get("/a").build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body()).isEqualTo("body of 429");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void allRequestsToOneHostShareALimiterAndThoseToAnotherHaveTheirOwn() {
    RateLimitedHttpClient client = builder().build();
    var a = send(client, get("/a").build());
    var b = send(client, HttpRequest.newBuilder(URI.create("http://user@api.test/b")).build());
    var c = send(client, get("/c").build());
    var other = send(client, HttpRequest.newBuilder(URI.create("http://api.test:81")).build());

    assertThat(a).isCompleted();
    assertThat(b).isCompleted();
    assertThat(c).isNotDone();
    assertThat(other).isCompleted();
    timer.advance(100);
    assertThat(c).isCompleted();
    assertThat(client.endpoints().endpoints()).isEqualTo(2);
  }

  @Test
  void patternsHaveTheirOwnLimit() {
    RateLimitedHttpClient client =
        builder().limit("POST /a/{id}", TWO.withBurst(1)).concurrency(3).build();
    HttpRequest post = get("/a/1").POST(BodyPublishers.noBody()).build();

    assertThat(send(client, post)).isCompleted();
    assertThat(send(client, post)).isNotDone();
    assertThat(send(client, get("/a/1").build())).isCompleted();
  }

  @Test
  void theServersWordIsFollowedBeforeTheBodyIsRead() throws Exception {
    server.answer(200, "RateLimit-Policy", "\"p\";q=100;w=60");
    RateLimitedHttpClient client = builder().adaptive(it -> it.safety(0.5)).build();

    client.send(get("/a").build(), BodyHandlers.discarding());
    assertThat(client.endpoints().limit("GET api.test/x").periodMillis()).isEqualTo(1_200);
    assertThat(client.endpoints().limit("GET api.test/x").burst()).isEqualTo(50);
  }

  @Test
  void resourcesThatTheServerNamesAreLimitedApart() {
    server.answer(200, "X-RateLimit-Resource", "core");
    server.answer(
        200,
        "X-RateLimit-Remaining",
        "0",
        "X-RateLimit-Reset",
        "60",
        "X-RateLimit-Resource",
        "search");
    RateLimitedHttpClient client = builder().build();
    var firsts =
        List.of(send(client, get("/repos/a").build()), send(client, get("/search/a").build()));

    assertThat(firsts).allMatch(CompletableFuture::isDone);
    assertThat(send(client, get("/search/b").build())).isNotDone();
    timer.advance(100);
    assertThat(send(client, get("/repos/b").build())).isCompleted();
  }

  @Test
  void theServersWordIsNotFollowedWhereTheSettingsSaySo() throws Exception {
    server.answer(200, "RateLimit-Policy", "\"p\";q=100;w=60");
    RateLimitedHttpClient client = builder().notAdaptive().build();

    client.send(get("/a").build(), BodyHandlers.discarding());
    assertThat(client.endpoints().limit("GET api.test/x")).isEqualTo(TWO);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRefusedRequestIsSentAgainAfterTheTimeThatTheServerAskedFor(boolean async) {
    server.answer(429, "Retry-After", "5").answer(503, "Retry-After", "1");
    RateLimitedHttpClient client = retrying(3).notAdaptive().build();
    var answer = sendEither(client, get("/a").build(), async);

    await().until(() -> timer.scheduled() == 1);
    timer.advance(4_999);
    assertThat(server.requests).hasSize(1);
    timer.advance(1);
    await().until(() -> server.requests.size() == 2 && timer.scheduled() == 1);
    timer.advance(1_000);
    await().until(answer::isDone);
    assertThat(answer.join().body()).isEqualTo("body of 200");
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void theLastAttemptsAnswerIsReturned() {
    server.answer(429, "Retry-After", "1").answer(429, "Retry-After", "1");
    var answer = send(retrying(2).notAdaptive().build(), get("/a").build());

    timer.advance(1_000);
    assertThat(answer.join().body()).isEqualTo("body of 429");
  }

  @Test
  void anAdaptiveClientWaitsAtItsLimiterAsWell() {
    server.answer(429, "Retry-After", "5");
    var answer = send(retrying(2).build(), get("/a").build());

    timer.advance(5_000);
    assertThat(answer).isNotDone();
    timer.advance(200);
    assertThat(answer.join().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 429, '', true",
    "PUT, 503, '', true",
    "DELETE, 429, '', true",
    "POST, 429, '', false",
    "POST, 503, '', false",
    "PATCH, 429, 0, true",
    "POST, 503, 0, false",
    "GET, 503, 0, true",
    "GET, 429, 86401, false",
    "POST, 403, 0, true",
    "GET, 500, 0, false",
    "GET, 403, '', false",
    "GET, 403, 0, true",
    "GET, 404, '', false",
  })
  void onlyWhatIsSafeIsSentAgain(String method, int status, String retryAfter, boolean again) {
    if (retryAfter.isEmpty()) {
      server.answer(status);
    } else {
      server.answer(status, "Retry-After", retryAfter);
    }
    HttpRequest request = get("/a").method(method, BodyPublishers.ofString("text")).build();
    var answer = send(retrying(2).notAdaptive().build(), request);

    timer.advance(10_000);
    assertThat(answer).isCompleted();
    assertThat(server.requests).hasSize(again ? 2 : 1);
  }

  @Test
  void aBodyThatCanBeReadOnlyOnceIsNotSentAgain() {
    server.answer(429, "Retry-After", "0").answer(429, "Retry-After", "0");
    HttpRequest request =
        get("/a").PUT(BodyPublishers.ofInputStream(InputStream::nullInputStream)).build();

    assertThat(send(retrying(2).notAdaptive().build(), request).join().statusCode()).isEqualTo(429);
    var willing = builder().notAdaptive().retry(it -> it.attempts(2).replayable(any -> true));
    var answer = send(willing.build(), request);
    timer.advance(0);
    assertThat(answer.join().statusCode()).isEqualTo(200);
  }

  @Test
  void aWaitBeyondTheTotalTimeIsNotWaitedFor() {
    server.answer(429, "Retry-After", "61");
    var answer = send(retrying(2).notAdaptive().build(), get("/a").build());

    assertThat(answer.join().statusCode()).isEqualTo(429);
  }

  @Test
  void theTotalTimeCountsFromTheFirstSending() {
    RateLimitedHttpClient client =
        builder()
            .notAdaptive()
            .retry(it -> it.attempts(2).jitter(most -> 0).total(Duration.ofSeconds(2)))
            .build();
    server.answer(429, "Retry-After", "2");
    client.endpoints().acquire("GET api.test/", 2);
    var answer = send(client, get("/a").build());

    // After a wait of 100 ms.
    timer.advance(2_100);
    assertThat(answer.join().statusCode()).isEqualTo(200);
  }

  @Test
  void aRetryWaitsForItsTurnNoLongerThanTheTotalTime() {
    RateLimitedHttpClient client =
        builder()
            .notAdaptive()
            .retry(it -> it.attempts(2).jitter(most -> 0).total(Duration.ofSeconds(2)))
            .build();
    server.answer(429, "Retry-After", "2");
    var answer = send(client, get("/a").build());
    timer.advance(1_999);
    client.endpoints().acquire("GET api.test/", 2);

    timer.advance(1);
    assertThatThrownBy(answer::join)
        .cause()
        .isInstanceOf(HttpTimeoutException.class)
        .hasCauseInstanceOf(RateLimitWaitException.class);
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void retrySettingsThatChangeAfterTheClientIsMadeChangeNothing() {
    RetrySettings[] kept = new RetrySettings[1];
    RateLimitedHttpClient client = builder().notAdaptive().retry(it -> kept[0] = it).build();
    kept[0].attempts(2);
    server.answer(429, "Retry-After", "0");

    assertThat(send(client, get("/a").build()).join().statusCode()).isEqualTo(429);
  }

  @Test
  void aTimeoutOfTheRequestBoundsTheRetriesToo() {
    server.answer(429, "Retry-After", "2");
    HttpRequest request = get("/a").timeout(Duration.ofMillis(1_999)).build();

    assertThat(send(retrying(2).notAdaptive().build(), request).join().statusCode()).isEqualTo(429);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailureOfAnIdempotentRequestIsTriedAgainWithGrowingPauses(boolean async) {
    server.fail(new IOException("reset")).fail(new IOException("reset again"));
    var answer = sendEither(retrying(3).notAdaptive().build(), get("/a").build(), async);

    await().until(() -> timer.scheduled() == 1);
    timer.advance(500);
    await().until(() -> server.requests.size() == 2 && timer.scheduled() == 1);
    timer.advance(999);
    assertThat(server.requests).hasSize(2);
    timer.advance(1);
    await().until(answer::isDone);
    assertThat(answer.join().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void otherFailuresAreThrownAsTheyAre(boolean async) {
    RateLimitedHttpClient client = retrying(3).notAdaptive().build();
    server.fail(new HttpTimeoutException("slow"));
    assertThatThrownBy(sendEither(client, get("/a").build(), async)::join)
        .hasCauseInstanceOf(HttpTimeoutException.class);

    server.fail(new IOException("reset"));
    HttpRequest post = get("/a").POST(BodyPublishers.noBody()).build();
    assertThatThrownBy(sendEither(client, post, async)::join)
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("reset");
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void chanceSpreadsThePauses() {
    RetrySettings settings = new RetrySettings().jitter(most -> most);
    assertThat(settings.pauseMillis(1_000)).isEqualTo(1_100);
    assertThat(settings.backoffMillis(1)).isEqualTo(1_000);
    assertThat(settings.backoffMillis(2)).isEqualTo(2_000);
    assertThat(settings.backoffMillis(99)).isEqualTo(60_000);
    for (int i = 0; i < 100; i++) {
      assertThat(new RetrySettings().pauseMillis(100)).isBetween(100L, 110L);
      assertThat(new RetrySettings().backoffMillis(1)).isBetween(500L, 1_000L);
    }
  }

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

  @Test
  void whatIsLeftOfTheTimeoutAfterTheWaitIsThatOfTheExchange() {
    RateLimitedHttpClient client = builder().build();
    HttpRequest request =
        get("/a")
            .header("a", "b")
            .timeout(Duration.ofMillis(150))
            .PUT(BodyPublishers.noBody())
            .build();
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
        .hasCauseInstanceOf(IllegalStateException.class);
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
  void anAnswerThatCameToTheCallerIsNotAskedForAgain() {
    server.breaksOff(200);
    RateLimitedHttpClient client = retrying(3).notAdaptive().build();

    assertThatThrownBy(send(client, get("/a").build())::join)
        .cause()
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("broken off");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void anAnswerThatIsDroppedAndBrokenOffIsAskedForAgain() {
    server.breaksOff(503);
    var answer = send(retrying(3).notAdaptive().build(), get("/a").build());

    timer.advance(1_000);
    assertThat(answer.join().statusCode()).isEqualTo(200);
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
  void chanceThatThrowsFailsTheRequest() {
    server.answer(200).fail(new IOException("reset"));
    RateLimitedHttpClient client =
        builder()
            .retry(
                it ->
                    it.attempts(2)
                        .jitter(
                            most -> {
                              throw new IllegalArgumentException("no chance");
                            }))
            .build();
    send(client, get("/a").build()).join();

    assertThatThrownBy(send(client, get("/a").build())::join).hasMessageContaining("no chance");
  }

  @Test
  void pushPromisesAreHandledByWhoAskedForThem() {
    PushPromiseHandler<String> pushes =
        PushPromiseHandler.of(request -> BodyHandlers.ofString(), new ConcurrentHashMap<>());
    builder().build().sendAsync(get("/a").build(), BodyHandlers.ofString(), pushes).join();

    assertThat(server.pushes).hasSize(1).first().isSameAs(pushes);
  }

  @Test
  void whatTheClientUnderneathIsIsToldUnchanged() {
    RateLimitedHttpClient client = builder().maxEndpoints(3).idleAfter(Duration.ZERO).build();

    assertThat(client.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(client.followRedirects()).isEqualTo(HttpClient.Redirect.ALWAYS);
    assertThat(client.connectTimeout()).hasValue(Duration.ofSeconds(7));
    assertThat(client.executor()).isPresent();
    assertThat(client.proxy()).isEqualTo(server.proxy());
    assertThat(client.sslContext()).isSameAs(server.sslContext());
    assertThat(client.sslParameters()).isNotNull();
    assertThat(client.cookieHandler()).isEmpty();
    assertThat(client.authenticator()).isEmpty();
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(client::newWebSocketBuilder);
  }

  @Test
  void settingsThatMakeNoSenseAreErrors() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> retrying(0))
        .withMessage("attempts is 0; it must be 1 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetrySettings().total(Duration.ofMillis(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetrySettings().firstPause(Duration.ofMillis(-1)));
  }

  private static HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(URI.create("http://api.test" + path));
  }

  private static CompletableFuture<HttpResponse<String>> send(
      HttpClient client, HttpRequest request) {
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  /** Sends on this thread's behalf, or on a thread of its own that blocks. */
  private static CompletableFuture<HttpResponse<String>> sendEither(
      HttpClient client, HttpRequest request, boolean async) {
    if (async) {
      return send(client, request);
    }
    CompletableFuture<HttpResponse<String>> answer = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                answer.complete(client.send(request, BodyHandlers.ofString()));
              } catch (Exception e) {
                answer.completeExceptionally(e);
              }
            })
        .start();
    return answer;
  }
}
