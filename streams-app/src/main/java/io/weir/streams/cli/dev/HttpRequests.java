package io.weir.streams.cli.dev;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Checks over HTTP. */
final class HttpRequests implements DevRequests {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int OK = 200;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final URI check;

  /**
   * Checks at a door.
   *
   * @param door its address, such as {@code http://127.0.0.1:8080}
   */
  HttpRequests(URI door) {
    this.check = door.resolve("/v1/check");
  }

  @Override
  public CompletableFuture<?> send(String requestId, Map<String, String> attributes) {
    HttpRequest request =
        HttpRequest.newBuilder(check)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body(requestId, attributes)))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString()).thenAccept(HttpRequests::requireOk);
  }

  private String body(String requestId, Map<String, String> attributes) {
    try {
      return json.writeValueAsString(
          Map.of("request_id", requestId, "domain", DOMAIN, "attributes", attributes));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts cannot be written as JSON", e);
    }
  }

  private static void requireOk(HttpResponse<String> response) {
    if (response.statusCode() != OK) {
      throw new IllegalStateException(
          response.uri() + " answered " + response.statusCode() + ": " + response.body());
    }
  }

  /** Nothing is waited for: the client goes with its process. */
  @Override
  public void close() {}
}
