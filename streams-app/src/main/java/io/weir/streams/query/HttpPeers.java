package io.weir.streams.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Asks other instances by HTTP, on the same paths that their callers use. Thread-safe. */
public final class HttpPeers implements Peers {
  /**
   * The header that says "answer from your own state or not at all"; its value is the identifier.
   */
  public static final String FORWARDED_HEADER = "Weir-Forwarded";

  private final HttpClient client;
  private final Duration timeout;
  private final ObjectMapper mapper;
  private final QueryJson json;

  /**
   * Peers over a client.
   *
   * @param client makes the connections; the caller sets its time-out for them
   * @param timeout the longest wait for an answer, from the first byte to the last
   * @param mapper reads answers
   */
  public HttpPeers(HttpClient client, Duration timeout, ObjectMapper mapper) {
    this.client = client;
    this.timeout = timeout;
    this.mapper = mapper;
    this.json = new QueryJson(mapper);
  }

  @Override
  public CompletableFuture<LimitsAnswer> limits(
      HostInfo instance, LimitsQuestion question, String identifier) {
    return ask(instance, "/v1/limits?" + question.toQuery(), identifier, json::readLimits);
  }

  @Override
  public CompletableFuture<RowsAnswer> rows(HostInfo instance, String identifier) {
    return ask(instance, "/v1/identifiers/" + identifier, identifier, json::readRows);
  }

  private <A> CompletableFuture<A> ask(
      HostInfo instance, String path, String identifier, Function<String, A> reader) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + HostAndPort.of(instance) + path))
            .header(FORWARDED_HEADER, identifier)
            .header("Accept", "application/json")
            .build();
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(request, BodyHandlers.ofString());
    // The request's own time-out would end with the headers, and a body can stall too.
    return exchange
        .copy()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, failure) -> {
              if (failure != null) {
                exchange.cancel(true);
                throw unreachable(instance, failure);
              }
              return read(instance, response, reader);
            });
  }

  private <A> A read(HostInfo instance, HttpResponse<String> response, Function<String, A> reader) {
    if (response.statusCode() != 200) {
      throw unavailable(
          instance, "answered " + response.statusCode() + detail(response.body()), null);
    }
    try {
      return reader.apply(response.body());
    } catch (IllegalArgumentException e) {
      throw unavailable(instance, "answered what makes no sense: " + e.getMessage(), e);
    }
  }

  private String detail(String body) {
    try {
      String detail = mapper.readTree(body).path("detail").asText();
      return detail.isEmpty() ? "" : ": " + detail;
    } catch (JsonProcessingException e) {
      // Not a problem document; the status alone must do.
      return "";
    }
  }

  private ProblemException unreachable(HostInfo instance, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
      return unavailable(instance, "did not answer within " + timeout.toMillis() + " ms", cause);
    }
    if (cause instanceof IOException) {
      return unavailable(instance, "cannot be reached", cause);
    }
    return new ProblemException(
        ProblemKind.INTERNAL, "asking " + HostAndPort.of(instance) + " failed", cause);
  }

  private static ProblemException unavailable(
      HostInfo instance, String what, @Nullable Throwable cause) {
    String detail = "the state is on " + HostAndPort.of(instance) + ", which " + what;
    return cause == null
        ? new ProblemException(ProblemKind.OWNER_UNAVAILABLE, detail)
        : new ProblemException(ProblemKind.OWNER_UNAVAILABLE, detail, cause);
  }
}
