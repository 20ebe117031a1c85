package io.weir.streams.serde;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Gets one request answered by whichever of the registry's addresses works, trying all of them
 * again and again until time is up or the application stops. Thread-safe.
 *
 * <p>"Does not work" is: no connection, no answer in time, 408, 429 and 5xx. Everything else is an
 * answer, and what it means is for the caller to say.
 */
final class RegistryTransport {
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

  private final HttpClient http;
  private final List<RegistryUrl> urls;
  private final RegistryCredentials credentials;
  private final Duration readTimeout;
  private final Duration retryTimeout;
  private final Backoff backoff;
  private final StopSignal stop;
  private final Ticker ticker;
  private final Outage outage;
  // The address that answered last: a hint, so races between threads do not matter.
  private volatile int preferred;

  RegistryTransport(SerdeConfig config, StopSignal stop, Ticker ticker) {
    this.urls = config.registryUrls();
    this.credentials = config.credentials();
    this.readTimeout = config.readTimeout();
    this.retryTimeout = config.retryTimeout();
    this.backoff = config.backoff();
    this.stop = stop;
    this.ticker = ticker;
    this.outage = new Outage(ticker);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connectTimeout());
    RegistryTls tls = config.tls();
    this.http = (tls.isCustom() ? builder.sslContext(tls.context()) : builder).build();
  }

  /**
   * What the registry answered.
   *
   * @param uri the address that did
   * @param status the HTTP status
   * @param body the body, empty where there is none
   */
  record Answer(URI uri, int status, String body) {
    boolean meansDown() {
      return RegistryTransport.meansDown(status);
    }
  }

  /** Whether a registry that answers with this HTTP status should be asked again. */
  static boolean meansDown(int status) {
    return status >= 500 || status == 429 || status == 408;
  }

  /** Reads a resource; the path begins with a slash and is encoded. */
  Answer get(String path) {
    return answered(path, Optional.empty());
  }

  /** Posts JSON to a resource. */
  Answer post(String path, String json) {
    return answered(path, Optional.of(json));
  }

  private Answer answered(String path, Optional<String> json) {
    long startNanos = ticker.nanos();
    for (int failures = 1; ; failures++) {
      Round round = round(path, json);
      if (round instanceof Answered answered) {
        outage.answered();
        return answered.answer();
      }
      String failure = ((Failed) round).what();
      outage.failed(failure);
      long waitMillis = backoff.waitMillis(failures, ThreadLocalRandom.current());
      long spentMillis = TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - startNanos);
      if (spentMillis + waitMillis > retryTimeout.toMillis()) {
        throw new RegistryUnavailableException(
            "schema registry unavailable for "
                + retryTimeout.toMillis()
                + " ms ("
                + SerdeConfig.RETRY_TIMEOUT
                + "), the last failure: "
                + failure);
      }
      if (isStoppedAfter(waitMillis)) {
        throw new RegistryUnavailableException(
            "gave up on the schema registry because the application stops, the last failure: "
                + failure);
      }
    }
  }

  private sealed interface Round permits Answered, Failed {}

  private record Answered(Answer answer) implements Round {}

  private record Failed(String what) implements Round {}

  /** Asks each address once, the one that answered last first. */
  private Round round(String path, Optional<String> json) {
    StringBuilder failures = new StringBuilder();
    int first = preferred;
    for (int i = 0; i < urls.size(); i++) {
      int index = (first + i) % urls.size();
      RegistryUrl url = urls.get(index);
      String failure;
      try {
        Answer answer = ask(url, path, json);
        if (!answer.meansDown()) {
          preferred = index;
          return new Answered(answer);
        }
        failure = "answered " + answer.status();
      } catch (IOException e) {
        failure = describe(e);
      }
      failures.append(failures.isEmpty() ? "" : "; ").append(url).append(": ").append(failure);
    }
    return new Failed(failures.toString());
  }

  private Answer ask(RegistryUrl url, String path, Optional<String> json) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .header("Accept", MEDIA_TYPE + ", application/json");
    credentials.header(url).ifPresent(value -> request.header("Authorization", value));
    json.ifPresent(
        body -> request.header("Content-Type", MEDIA_TYPE).POST(BodyPublishers.ofString(body)));
    // HttpRequest.timeout ends with the headers; this one covers the body too.
    CompletableFuture<HttpResponse<String>> exchange =
        http.sendAsync(request.build(), BodyHandlers.ofString());
    try {
      CompletableFuture.anyOf(exchange, stop.given())
          .get(readTimeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!exchange.isDone()) {
        exchange.cancel(true);
        throw new IOException("no answer yet");
      }
      HttpResponse<String> response = exchange.join();
      return new Answer(response.uri(), response.statusCode(), response.body());
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw new IOException("no answer within " + readTimeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      // Not the record's fault, whatever it is: the caller tries again, as with a registry down.
      throw new IOException("request to " + url + " could not be made", e.getCause());
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw new InterruptException(e);
    }
  }

  private boolean isStoppedAfter(long millis) {
    try {
      return ticker.awaitMillis(millis, stop);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** In the words of a log line: the JDK's own are terse, and a refused connection has none. */
  private static String describe(IOException e) {
    if (e instanceof ConnectException) {
      return "cannot connect";
    }
    String message = e.getMessage();
    String name = e.getClass().getSimpleName();
    if (message == null || message.isBlank()) {
      return name;
    }
    return e.getClass() == IOException.class ? message : name + " " + message;
  }
}
