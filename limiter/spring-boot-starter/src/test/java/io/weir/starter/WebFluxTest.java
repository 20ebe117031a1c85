package io.weir.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.starter.RunningShop.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * What is otherwise than on servlets: an application on Netty, whose few threads nobody may hold.
 */
class WebFluxTest {
  private static final int WAITING = 100;
  private static final long MINUTE_MILLIS = 60_000;
  private static final Request TURN = Request.of("api", "route", "GET /later").peek();

  private static RunningShop start(String... settings) {
    return RunningShop.start(Server.NETTY, Map.of(), settings);
  }

  private static RunningShop startWithTurns() {
    return start(
        "weir.limits.turns=GET /later 1/minute algorithm=leaky_bucket burst=" + (WAITING + 1),
        "weir.max-wait=1h");
  }

  private static void awaitPlaces(RunningShop shop, int taken) {
    RateLimiter limiter = shop.bean(RateLimiter.class);
    Awaitility.await()
        .until(
            () -> limiter.check(TURN).delayMillis(),
            delay -> delay > (taken - 1) * MINUTE_MILLIS && delay <= taken * MINUTE_MILLIS);
  }

  @Test
  void requestsThatWaitForTheirTurnHoldNoThread() {
    try (RunningShop shop = startWithTurns()) {
      assertThat(shop.get("/later").body()).isEqualTo("later");
      List<CompletableFuture<HttpResponse<String>>> waiting =
          IntStream.range(0, 50).mapToObj(i -> shop.getAsync("/later")).toList();
      awaitPlaces(shop, 51);

      assertThat(shop.get("/orders/1").body()).isEqualTo("order 1");

      assertThat(waiting).noneMatch(CompletableFuture::isDone);
      waiting.forEach(answer -> answer.cancel(true));
    }
  }

  @Test
  void whoHangsUpWhileWaitingGivesThePlaceBack() throws IOException {
    try (RunningShop shop = startWithTurns()) {
      assertThat(shop.get("/later").statusCode()).isEqualTo(200);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), shop.port())) {
        socket
            .getOutputStream()
            .write(
                "GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        awaitPlaces(shop, 2);
      }

      awaitPlaces(shop, 1);
    }
  }

  @Test
  void addressesAreThoseThatTrustedProxiesTellAndKeysAreHashed() {
    try (RunningShop shop =
        start(
            "weir.filter.trusted-proxies=127.0.0.0/8",
            "weir.filter.api-key-header=X-API-Key",
            "weir.filter.skip=/login",
            "weir.limits.per-address=2/day by address algorithm=token_bucket",
            "weir.limits.per-key=1/day by api_key algorithm=token_bucket")) {
      assertThat(from(shop, "6.6.6.6, 203.0.113.7", "one").statusCode()).isEqualTo(200);
      assertThat(from(shop, "203.0.113.9", "one").body())
          .contains("per-key")
          .doesNotContain("one\"");
      assertThat(from(shop, "6.6.6.7, 203.0.113.7", "two").statusCode()).isEqualTo(200);
      assertThat(from(shop, "203.0.113.7", "three").body()).contains("per-address");
      assertThat(shop.post("/login").headers().firstValue("RateLimit")).isEmpty();
      assertThat(shop.get("/x/%2e%2e/orders/1").statusCode()).isEqualTo(400);
    }
  }

  private static HttpResponse<String> from(RunningShop shop, String forwarded, String key) {
    return shop.send(
        shop.request("/orders/1").header("X-Forwarded-For", forwarded).header("X-API-Key", key));
  }
}
