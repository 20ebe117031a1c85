package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a request is sent again. */
class HttpClientRetryTimeTest extends HttpClientKit {
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

  @ParameterizedTest
  @CsvSource({"1999, 429", "2000, 200"})
  void aTimeoutOfTheRequestBoundsTheRetriesToo(long timeoutMillis, int status) {
    server.answer(429, "Retry-After", "2");
    RateLimitedHttpClient client = retrying(2).notAdaptive().build();
    timer.advance(5_000);
    var answer = send(client, get("/a").timeout(Duration.ofMillis(timeoutMillis)).build());

    timer.advance(2_000);
    assertThat(answer.join().statusCode()).isEqualTo(status);
  }

  @Test
  void theFirstTurnMayBeWaitedForLongerThanTheTotalTimeOfRetries() {
    RateLimitedHttpClient client =
        builder()
            .notAdaptive()
            .retry(it -> it.attempts(2).jitter(most -> 0).total(Duration.ofMillis(50)))
            .build();
    client.endpoints().acquire("GET api.test/", 2);
    var answer = send(client, get("/a").build());

    timer.advance(100);
    assertThat(answer.join().statusCode()).isEqualTo(200);
  }

  @Test
  void theTotalTimeIsThatOfAllAttempts() {
    RateLimitedHttpClient client =
        builder()
            .notAdaptive()
            .retry(it -> it.attempts(3).jitter(most -> 0).total(Duration.ofSeconds(2)))
            .build();
    server.answer(429, "Retry-After", "1").answer(429, "Retry-After", "2");
    var answer = send(client, get("/a").build());

    timer.advance(1_000);
    assertThat(answer.join().statusCode()).isEqualTo(429);
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void aRetryWaitsForItsTurnNoLongerThanTheTimeoutOfTheRequest() {
    server.answer(429, "Retry-After", "2");
    RateLimitedHttpClient client = retrying(2).notAdaptive().build();
    timer.advance(5_000);
    var answer = send(client, get("/a").timeout(Duration.ofMillis(2_098)).build());
    timer.advance(1_999);
    client.endpoints().acquire("GET api.test/", 2);

    timer.advance(1);
    assertThatThrownBy(answer::join).hasCauseInstanceOf(HttpTimeoutException.class);
    assertThat(server.requests).hasSize(1);
  }
}
