package io.weir.limiter.outbound;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow.Subscription;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** A client that is told what the server answers, one answer for each request, 200 if none. */
final class FakeHttpClient extends HttpClient {
  final List<HttpRequest> requests = new CopyOnWriteArrayList<>();
  final List<PushPromiseHandler<?>> pushes = new CopyOnWriteArrayList<>();

  /** Asynchronous exchanges that never end, if it is set. */
  final List<CompletableFuture<?>> hanging = new CopyOnWriteArrayList<>();

  volatile boolean hangs;

  /** Whether it returns null for an answer, as a mock does. */
  volatile boolean isHollow;

  /** Whom the answers are of, at the end of redirects; of whom was asked if it is empty. */
  volatile Optional<URI> redirectedTo = Optional.empty();

  volatile Redirect redirects = Redirect.ALWAYS;

  private final Queue<Said> answers = new ConcurrentLinkedQueue<>();

  private record Said(
      int status, Map<String, List<String>> headers, String body, Optional<IOException> failure) {}

  FakeHttpClient answer(int status, String... namesAndValues) {
    Map<String, List<String>> headers = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
    }
    answers.add(new Said(status, headers, "body of " + status, Optional.empty()));
    return this;
  }

  /** An answer whose body does not come to its end. */
  FakeHttpClient breaksOff(int status) {
    answers.add(new Said(status, Map.of(), "", Optional.of(new IOException("broken off"))));
    return this;
  }

  FakeHttpClient fail(IOException failure) {
    answers.add(new Said(0, Map.of(), "", Optional.of(failure)));
    return this;
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException {
    requests.add(request);
    if (isHollow) {
      return none();
    }
    Said said =
        Optional.ofNullable(answers.poll())
            .orElse(new Said(200, Map.of(), "body of 200", Optional.empty()));
    if (said.failure().isPresent()) {
      if (said.status() != 0) {
        handler.apply(new Info(said.status(), HttpHeaders.of(said.headers(), (n, v) -> true)));
      }
      throw said.failure().get();
    }
    HttpHeaders headers = HttpHeaders.of(said.headers(), (name, value) -> true);
    BodySubscriber<T> subscriber = handler.apply(new Info(said.status(), headers));
    subscriber.onSubscribe(new NoSubscription());
    subscriber.onNext(List.of(ByteBuffer.wrap(said.body().getBytes(StandardCharsets.UTF_8))));
    subscriber.onComplete();
    return new Answer<>(
        request,
        redirectedTo.orElse(request.uri()),
        said.status(),
        headers,
        subscriber.getBody().toCompletableFuture().join());
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // That is what it is for.
  private static <T> T none() {
    return (T) null;
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    CompletableFuture<HttpResponse<T>> answer = new CompletableFuture<>();
    if (hangs) {
      requests.add(request);
      hanging.add(answer);
      return answer;
    }
    try {
      answer.complete(send(request, handler));
    } catch (IOException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushPromiseHandler) {
    pushes.add(pushPromiseHandler);
    return sendAsync(request, handler);
  }

  private record Info(int statusCode, HttpHeaders headers) implements ResponseInfo {
    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  private static final class NoSubscription implements Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }

  private record Answer<T>(
      HttpRequest request, URI uri, int statusCode, HttpHeaders headers, T body)
      implements HttpResponse<T> {
    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  private final HttpClient real = HttpClient.newHttpClient();

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return real.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return Optional.of(Duration.ofSeconds(7));
  }

  @Override
  public Redirect followRedirects() {
    return redirects;
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return Optional.of(ProxySelector.getDefault());
  }

  @Override
  public SSLContext sslContext() {
    return real.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return real.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return real.authenticator();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public Optional<Executor> executor() {
    return Optional.of(Runnable::run);
  }
}
