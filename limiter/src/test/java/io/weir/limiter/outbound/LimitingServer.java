package io.weir.limiter.outbound;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.http.RateLimitFields;
import io.weir.limiter.http.RateLimitFields.ResetForm;
import io.weir.limiter.http.RateLimitFields.Style;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real server on loopback that enforces a limit of its own, and tells of it in a dialect. */
final class LimitingServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final RuleBasedRateLimiter limiter;
  private final Dialect dialect;
  private final List<Served> served = new ArrayList<>();

  /** One request: when, and whether it was refused. */
  record Served(long atMillis, boolean refused) {}

  /** How the server tells of its limit. */
  enum Dialect {
    IETF,
    IETF_REVISION_06,
    SECONDS_LEFT,
    EPOCH_SECONDS,
    EPOCH_MILLIS,
    TWITTER,
    RETRY_AFTER_ONLY,
    NOTHING
  }

  /**
   * A server that runs.
   *
   * @param limit the keys of the rule's limit, as a rules file has them
   */
  LimitingServer(Dialect dialect, String limit) throws IOException {
    this.dialect = dialect;
    RuleSet rules =
        RuleSet.of(
            RulesReader.standard()
                .read(
                    "server",
                    "domain: api\ndescriptors:\n  - key: user\n    rate_limit: {name: user, "
                        + limit
                        + "}\n"));
    this.limiter =
        new RuleBasedRateLimiter(
            () -> rules, InMemoryBackend.builder().build(), InstantSource.system());
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/items");
  }

  private void answer(HttpExchange exchange) throws IOException {
    Decision decision = limiter.check(Request.of("api", "user", "client"));
    synchronized (served) {
      served.add(new Served(decision.nowMillis(), !decision.isAllowed()));
    }
    fields(decision).forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(decision.isAllowed() ? 200 : 429, -1);
    exchange.close();
  }

  private Map<String, String> fields(Decision decision) {
    boolean denies = !decision.isAllowed();
    RateLimitFields fields = RateLimitFields.of(decision);
    Map<String, String> left = fields.fields(Style.X_RATE_LIMIT, ResetForm.SECONDS_LEFT, denies);
    Map<String, String> epoch = fields.fields(Style.X_RATE_LIMIT, ResetForm.EPOCH_SECONDS, denies);
    return switch (dialect) {
      case IETF -> fields.fields(denies);
      case IETF_REVISION_06 -> renamed(left, "RateLimit-");
      case SECONDS_LEFT -> left;
      case EPOCH_SECONDS -> epoch;
      case EPOCH_MILLIS -> {
        epoch.merge("X-RateLimit-Reset", "000", String::concat);
        yield epoch;
      }
      case TWITTER -> renamed(epoch, "x-rate-limit-");
      case RETRY_AFTER_ONLY -> fields.fields(Style.NONE, ResetForm.SECONDS_LEFT, denies);
      case NOTHING -> Map.of();
    };
  }

  private static Map<String, String> renamed(Map<String, String> fields, String prefix) {
    Map<String, String> renamed = new HashMap<>();
    fields.forEach((name, value) -> renamed.put(name.replace("X-RateLimit-", prefix), value));
    return renamed;
  }

  /** What was served so far, in order. */
  List<Served> served() {
    synchronized (served) {
      return List.copyOf(served);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    limiter.close();
  }
}
