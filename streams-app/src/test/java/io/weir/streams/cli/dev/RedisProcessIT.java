package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.real.RealBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RedisProcessIT {

  @Test
  void aKilledRedisComesBackEmptyOnTheSameAddressAndLeavesNothingAtTheEnd() throws IOException {
    RedisProcess redis = RedisProcess.start(RealBroker.files());
    Path directory = Objects.requireNonNull(redis.log().getParent());
    try {
      assertThat(ask(redis, "PING")).isEqualTo("+PONG");
      assertThat(ask(redis, "SET key value")).isEqualTo("+OK");
      assertThat(ask(redis, "DBSIZE")).isEqualTo(":1");

      redis.kill();
      assertThat(redis.isAlive()).isFalse();
      redis.restart();

      assertThat(ask(redis, "DBSIZE")).isEqualTo(":0");
      assertThat(directory).isDirectory();
    } finally {
      redis.close();
    }

    assertThat(ProcessHandle.of(redis.pid())).isEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void redisAndItsFilesGoWhenTheParentIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RedisHolder.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String[] told;
    try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
      told =
          out.lines()
              .filter(line -> line.startsWith("redis "))
              .findFirst()
              .orElseThrow()
              .split(" ");
      assertThat(ProcessHandle.of(Long.parseLong(told[1]))).isPresent();
      assertThat(Path.of(told[2])).isDirectory();
    } finally {
      parent.destroyForcibly();
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(ProcessHandle.of(Long.parseLong(told[1]))).isEmpty();
              assertThat(Path.of(told[2])).doesNotExist();
            });
  }

  private static String ask(RedisProcess redis, String command) throws IOException {
    URI uri = URI.create(redis.uri());
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[64];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, length, StandardCharsets.US_ASCII).strip();
    }
  }
}
