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
  private static final Duration PATIENCE = Duration.ofSeconds(30);

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
    Held held = hold();
    try {
      assertThat(ProcessHandle.of(held.redis())).isPresent();
      assertThat(held.directory()).isDirectory();
    } finally {
      held.parent().destroyForcibly();
    }

    await().atMost(PATIENCE).until(() -> ProcessHandle.of(held.redis()).isEmpty());
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(held.directory()).doesNotExist());
  }

  @Test
  void filesOfARedisThatHasHeardCtrlCGoWithTheParentAndNotBefore() throws Exception {
    Held held = hold();
    try {
      ProcessSignal.CONT.send(held.redis());
      assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(held.redis())).start().waitFor())
          .isZero();
      await().atMost(PATIENCE).until(() -> ProcessHandle.of(held.redis()).isEmpty());

      assertThat(held.directory().resolve("redis.log")).content().contains("bye bye");
    } finally {
      held.parent().destroyForcibly();
    }

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(held.directory()).doesNotExist());
  }

  /** A process that has started a Redis, which is paused. */
  private record Held(Process parent, long redis, Path directory) {}

  private static Held hold() throws IOException {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RedisHolder.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
      String[] told =
          out.lines()
              .filter(line -> line.startsWith("redis "))
              .findFirst()
              .orElseThrow()
              .split(" ", -1);
      return new Held(parent, Long.parseLong(told[1]), Path.of(told[2]));
    } catch (RuntimeException e) {
      parent.destroyForcibly();
      throw e;
    }
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
