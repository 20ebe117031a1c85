package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class RateLimitedHttpClientTest extends HttpClientKit {
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
    assertThat(server.pushes).isEmpty();
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
  void noHandlerAndNoRequestAreErrorsAtOnce() {
    RateLimitedHttpClient client = builder().build();
    assertThatNullPointerException().isThrownBy(() -> client.send(get("/a").build(), nothing()));
    assertThatNullPointerException()
        .isThrownBy(() -> client.sendAsync(get("/a").build(), nothing()));
    assertThatNullPointerException()
        .isThrownBy(() -> client.sendAsync(nothing(), BodyHandlers.ofString()));
    assertThat(server.requests).isEmpty();
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // That is what is tested.
  private static <T> T nothing() {
    return (T) null;
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
}
