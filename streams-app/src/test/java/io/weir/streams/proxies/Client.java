package io.weir.streams.proxies;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a proxy on loopback, as its clients do. */
record Client(HttpClient http, int port) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static Client of(int port) {
    return new Client(HttpClient.newBuilder().version(Version.HTTP_1_1).build(), port);
  }

  /**
   * Asks with GET.
   *
   * @param headers names and values in turn
   */
  HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  int status(String path, String... headers) {
    return get(path, headers).statusCode();
  }

  HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(PATIENCE)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(method + " " + path + " was interrupted", e);
    }
  }
}
