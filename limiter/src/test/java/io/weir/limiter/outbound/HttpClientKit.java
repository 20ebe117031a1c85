package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A client before a server that says what a test tells it to. */
abstract class HttpClientKit extends OutboundKit {
  /** A token every 100 ms, 2 at once. */
  static final Limit TWO = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(2);

  final FakeHttpClient server = new FakeHttpClient();

  final RateLimitedHttpClient.Builder builder() {
    return prepared(RateLimitedHttpClient.builder(server, TWO)).name("api");
  }

  final RateLimitedHttpClient.Builder retrying(int attempts) {
    return builder().retry(it -> it.attempts(attempts).jitter(most -> 0));
  }

  static HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(URI.create("http://api.test" + path));
  }

  static CompletableFuture<HttpResponse<String>> send(HttpClient client, HttpRequest request) {
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  /** Sends on this thread's behalf, or on a thread of its own that blocks. */
  static CompletableFuture<HttpResponse<String>> sendEither(
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
