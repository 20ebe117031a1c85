package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A machine that goes without a word, and another that takes its address. */
class DeadPeerTest {
  private static final RuleSet RULES =
      RuleSet.of(
          RulesReader.standard()
              .read(
                  "test",
                  """
                  domain: api
                  descriptors:
                    - {key: user_id, rate_limit: {unit: day, requests_per_unit: 1000000}}
                  """));

  @Test
  void aConnectionThatAnswersNothingIsMadeAnew() throws IOException {
    Request user = Request.of("api", "user_id", "42");
    try (Forwarder forwarder = new Forwarder(URI.create(SharedRedis.uri()).getPort());
        RedisRateLimiter limiter =
            RedisRateLimiter.builder(() -> RULES)
                .uri("redis://127.0.0.1:" + forwarder.port())
                .keyPrefix(SharedRedis.newPrefix())
                .build()) {
      await().until(() -> !limiter.check(user).degraded());
      forwarder.swallowWhatIsConnected();
      await().until(() -> limiter.check(user).degraded());
      // Far below the quarter of an hour that TCP takes.
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !limiter.check(user).degraded());
      assertThat(forwarder.connections()).isGreaterThan(1);
    }
  }

  /** Forwards connections, until it only takes what comes and says nothing. */
  private static final class Forwarder implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final List<Pipe> pipes = new CopyOnWriteArrayList<>();

    Forwarder(int target) throws IOException {
      this.target = target;
      this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      start(this::accept);
    }

    int port() {
      return server.getLocalPort();
    }

    int connections() {
      return pipes.size();
    }

    void swallowWhatIsConnected() {
      pipes.forEach(pipe -> pipe.swallows = true);
    }

    private void accept() {
      try {
        while (true) {
          Socket client = server.accept();
          Pipe pipe = new Pipe(client, new Socket(InetAddress.getLoopbackAddress(), target));
          pipes.add(pipe);
          start(() -> pipe.copy(pipe.client, pipe.redis));
          start(() -> pipe.copy(pipe.redis, pipe.client));
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    private static void start(Runnable action) {
      Thread thread = new Thread(action, "forwarder");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Pipe pipe : pipes) {
        pipe.client.close();
        pipe.redis.close();
      }
    }
  }

  private static final class Pipe {
    private final Socket client;
    private final Socket redis;
    private volatile boolean swallows;

    Pipe(Socket client, Socket redis) {
      this.client = client;
      this.redis = redis;
    }

    private void copy(Socket from, Socket to) {
      byte[] buffer = new byte[8_192];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          if (!swallows) {
            out.write(buffer, 0, length);
            out.flush();
          }
        }
      } catch (IOException closed) {
        // One of both has gone.
      }
    }
  }
}
