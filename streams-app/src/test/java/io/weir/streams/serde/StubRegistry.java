package io.weir.streams.serde;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** A registry that says what the test wants it to. */
public final class StubRegistry implements AutoCloseable {
  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Function<Asked, Reply> behaviour = a -> new Reply(500, "");

  /** One request: "POST /path?query", its body, its Authorization header. */
  public record Asked(String what, String body, Optional<String> authorization) {}

  /** What it answers: an HTTP status and a body, which may be empty. */
  public record Reply(int status, String body) {}

  private StubRegistry(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** One without encryption. */
  public static StubRegistry http() throws IOException {
    return new StubRegistry(HttpServer.create(loopback(), 0), "http");
  }

  static StubRegistry https(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new StubRegistry(server, "https");
  }

  /** Answers by what it is asked. */
  public void answer(Function<Asked, Reply> how) {
    behaviour = how;
  }

  /** Gives these answers in order, and the last one from then on. */
  void answer(Reply... replies) {
    int before = asked.size();
    behaviour = a -> replies[Math.min(asked.size() - before, replies.length) - 1];
  }

  /** A 200 with JSON. */
  public static Reply ok(String json) {
    return new Reply(200, json);
  }

  /** An error in the form of registries. */
  public static Reply error(int status, int code, String message) {
    return new Reply(status, "{\"error_code\": " + code + ", \"message\": \"" + message + "\"}");
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Its address. */
  public String url() {
    return scheme + "://localhost:" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Asked request =
          new Asked(
              exchange.getRequestMethod() + " " + exchange.getRequestURI(),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
      asked.add(request);
      Reply reply = behaviour.apply(request);
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static InetSocketAddress loopback() {
    try {
      return new InetSocketAddress(InetAddress.getByName("localhost"), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
