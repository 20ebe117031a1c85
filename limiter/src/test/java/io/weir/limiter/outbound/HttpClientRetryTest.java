package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent again, when, and how often. */
class HttpClientRetryTest extends HttpClientKit {
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLastAttemptsAnswerIsReturned(boolean async) {
    server.answer(429, "Retry-After", "1").answer(429, "Retry-After", "1");
    var answer = sendEither(retrying(2).notAdaptive().build(), get("/a").build(), async);

    await().until(() -> timer.scheduled() == 1);
    timer.advance(1_000);
    await().until(answer::isDone);
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
  void retrySettingsThatChangeAfterTheClientIsMadeChangeNothing() {
    RetrySettings[] kept = new RetrySettings[1];
    RateLimitedHttpClient client = builder().notAdaptive().retry(it -> kept[0] = it).build();
    kept[0].attempts(2);
    server.answer(429, "Retry-After", "0");

    assertThat(send(client, get("/a").build()).join().statusCode()).isEqualTo(429);
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chanceThatThrowsFailsTheRequest(boolean async) {
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

    assertThatThrownBy(sendEither(client, get("/a").build(), async)::join)
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no chance");
  }

  @Test
  void aClientThatIsClosedMeanwhileReturnsTheRefusal() {
    RateLimitedHttpClient[] self = new RateLimitedHttpClient[1];
    server.answer(429, "Retry-After", "1");
    self[0] =
        retrying(2)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    self[0].close();
                  }
                })
            .build();

    assertThat(send(self[0], get("/a").build()).join().statusCode()).isEqualTo(429);
  }
}
