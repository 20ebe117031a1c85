package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose answers count where the client underneath follows redirects. */
class HttpClientRedirectTest extends HttpClientKit {
  private static final String[] USED_UP = {
    "X-RateLimit-Limit", "10", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "3600"
  };

  private void redirectTo(String uri) {
    server.redirectedTo = Optional.of(URI.create(uri));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAnotherHostAnswersChangesNothing(boolean async) {
    RateLimitedHttpClient client = builder().build();
    server.answer(200, USED_UP);
    redirectTo("http://blobs.test/a");

    CompletableFuture<HttpResponse<String>> answer = sendEither(client, get("/a").build(), async);
    await().until(answer::isDone);
    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertThat(client.endpoints().limit("GET //api.test/a")).isEqualTo(TWO);
    assertThat(client.endpoints().availableTokens("GET //api.test/a")).isEqualTo(1);
    assertThat(client.endpoints().availableTokens("GET //blobs.test/a")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://blobs.test/a", "http://api.test:8080/a", "https://other/a"})
  void aHostIsAnotherOneByItsNameOrItsPort(String uri) {
    RateLimitedHttpClient client = builder().build();
    server.answer(200, USED_UP);
    redirectTo(uri);

    assertThat(send(client, get("/a").build())).isCompleted();
    assertThat(client.endpoints().availableTokens("GET //api.test/a")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTheHostThatWasAskedAnswersElsewhereIsFollowed(boolean async) {
    RateLimitedHttpClient client = builder().build();
    server.answer(200, USED_UP);
    redirectTo("https://user@API.test/elsewhere");

    CompletableFuture<HttpResponse<String>> answer = sendEither(client, get("/a").build(), async);
    await().until(answer::isDone);
    assertThat(client.endpoints().availableTokens("GET //api.test/a")).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRefusalOfAnotherHostIsSentAgainAndKeepsNobodyElseWaiting(boolean async) {
    RateLimitedHttpClient client = retrying(2).build();
    server.answer(429, "Retry-After", "1").answer(200);
    redirectTo("http://blobs.test/a");

    CompletableFuture<HttpResponse<String>> answer = sendEither(client, get("/a").build(), async);
    await().until(() -> timer.scheduled() > 0);
    assertThat(client.endpoints().availableTokens("GET //api.test/a")).isEqualTo(1);
    timer.advance(1_000);
    await().until(answer::isDone);
    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertThat(server.requests).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerThatTellsTooLongAWaitIsReturnedThoughNobodyKnowsYetWhoseItIs(boolean async) {
    RateLimitedHttpClient client = retrying(2).build();
    server.answer(503, USED_UP);

    CompletableFuture<HttpResponse<String>> answer = sendEither(client, get("/a").build(), async);
    await().until(answer::isDone);
    assertThat(answer.join().body()).isEqualTo("body of 503");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void whereNoRedirectIsFollowedTheAnswerIsFollowedBeforeItsBodyIsRead() {
    server.redirects = Redirect.NEVER;
    RateLimitedHttpClient client = builder().build();
    server.answer(200, USED_UP);
    List<Long> left = new ArrayList<>();

    var answer =
        client.sendAsync(
            get("/a").build(),
            info -> {
              left.add(client.endpoints().availableTokens("GET //api.test/a"));
              return BodySubscribers.discarding();
            });
    assertThat(answer).isCompleted();
    assertThat(left).containsExactly(0L);
  }
}
