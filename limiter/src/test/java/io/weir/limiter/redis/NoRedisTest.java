package io.weir.limiter.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Addresses at which something answers that is no Redis. */
class NoRedisTest {
  private static final String HTTP = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

  /** The settings with which a server of HTTP/2 begins, and so one of gRPC. */
  private static final String HTTP_2 = "\0\0\6\4\0\0\0\0\0\0\3\0\0\0\144";

  private static final RuleSet RULES =
      RuleSet.of(
          RulesReader.standard()
              .read(
                  "test",
                  """
                  domain: api
                  descriptors:
                    - {key: user_id, rate_limit: {unit: day, requests_per_unit: 10}}
                  """));

  private final RedisRateLimiterBuilder builder =
      RedisRateLimiter.builder(() -> RULES).timeout(Duration.ofSeconds(5));

  @Test
  void whatSpeaksAnotherProtocolIsAnErrorAtOnce() throws IOException {
    for (String answer : new String[] {HTTP, HTTP_2}) {
      try (ForeignServer foreign = new ForeignServer(0, answer)) {
        String message = "what answers at " + foreign.place() + " does not speak Redis's protocol";
        assertThatThrownBy(() -> builder.uri("redis://" + foreign.place()).build())
            .isInstanceOf(RedisUnavailableException.class)
            .hasMessage(message);
        assertThatThrownBy(() -> builder.cluster("redis://" + foreign.place()).build())
            .isInstanceOf(RedisUnavailableException.class)
            .hasMessage(message);
        assertThatThrownBy(
                () -> builder.uri("redis-sentinel://" + foreign.place() + "/0#main").build())
            .isInstanceOf(RedisUnavailableException.class)
            .hasMessageStartingWith("what answers at main by Sentinel at " + foreign.place())
            .hasMessageEndingWith(" does not speak Redis's protocol");
      }
    }
  }

  @Test
  void whatDoesNotSpeakTlsIsAnErrorAtOnce() throws IOException {
    try (ForeignServer plain = new ForeignServer(0, "-ERR unknown command\r\n")) {
      assertThatThrownBy(() -> builder.uri("rediss://" + plain.place()).build())
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessage("what answers at " + plain.place() + " does not speak TLS");
    }
  }

  @ParameterizedTest
  @EnumSource(HangUp.class)
  void whatHangsUpMayBeNoRedisAndIsToldSo(HangUp hangUp) throws IOException {
    try (ForeignServer broker = new ForeignServer(0, "", hangUp);
        RedisRateLimiter limiter = builder.uri("redis://" + broker.place()).build()) {
      Decision decision = limiter.check(Request.of("api", "user_id", "1"));
      assertThat(decision.degraded()).isTrue();
      assertThat(decision.message())
          .contains(
              "Redis cannot be asked: there is no connection: "
                  + broker.place()
                  + " closes it without an answer, as what is no Redis may");
    }
  }

  @Test
  void whatComesAfterTheStartInThePlaceOfRedisIsToldAsWell() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (RedisRateLimiter limiter = builder.uri("redis://127.0.0.1:" + port).build();
        ForeignServer foreign = new ForeignServer(port, HTTP)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(limiter.check(Request.of("api", "user_id", "1")).message().orElse(""))
                      .endsWith(
                          "there is no connection: what answers at "
                              + foreign.place()
                              + " does not speak Redis's protocol"));
    }
  }

  /** How a connection is ended. */
  private enum HangUp {
    /** After all that was sent is read. */
    ORDERLY,
    /** As by who has not read all that was sent. */
    BY_RESET
  }

  /** Says the same to everybody as soon as it is asked something, and hangs up. */
  private static final class ForeignServer implements AutoCloseable {
    private final ServerSocket server;
    private final byte[] answer;
    private final HangUp hangUp;

    ForeignServer(int port, String answer) throws IOException {
      this(port, answer, HangUp.ORDERLY);
    }

    ForeignServer(int port, String answer, HangUp hangUp) throws IOException {
      this.server = new ServerSocket();
      this.hangUp = hangUp;
      this.answer = answer.getBytes(ISO_8859_1);
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      Thread thread = new Thread(this::serve, "foreign-server");
      thread.setDaemon(true);
      thread.start();
    }

    String place() {
      return "127.0.0.1:" + server.getLocalPort();
    }

    private void serve() {
      while (!server.isClosed()) {
        try (Socket client = server.accept()) {
          byte[] asked = new byte[8_192];
          int length = client.getInputStream().read(asked);
          if (length >= 0) {
            client.getOutputStream().write(answer);
          }
          if (hangUp == HangUp.BY_RESET) {
            client.setSoLinger(true, 0);
          } else {
            client.shutdownOutput();
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
          }
        } catch (IOException e) {
          // The client has gone, or the test is over.
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
