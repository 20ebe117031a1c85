package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.cli.CommandFailure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisProcessTest {
  private static final List<Path> SERVERS =
      List.of(
          Path.of("redis-server-6.2.6-v5-darwin-amd64"),
          Path.of("redis-server-6.2.6-v5-darwin-arm64"),
          Path.of("redis-server-6.2.6-v5-linux-amd64"),
          Path.of("redis-server-6.2.7-linux-386"),
          Path.of("redis-server-6.2.7-linux-arm64"));

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, redis-server-6.2.6-v5-linux-amd64",
    "Linux, aarch64, redis-server-6.2.7-linux-arm64",
    "Linux, i386, redis-server-6.2.7-linux-386",
    "Mac OS X, x86_64, redis-server-6.2.6-v5-darwin-amd64",
    "Mac OS X, aarch64, redis-server-6.2.6-v5-darwin-arm64"
  })
  void eachMachineHasItsServer(String osName, String osArch, String server) {
    assertThat(RedisProcess.executable(SERVERS, osName, osArch)).isEqualTo(Path.of(server));
  }

  @ParameterizedTest
  @CsvSource({"Windows 11, amd64", "Linux, s390x", "Mac OS X, i386"})
  void aMachineWithoutOneIsToldWhatToDo(String osName, String osArch) {
    assertThatThrownBy(() -> RedisProcess.executable(SERVERS, osName, osArch))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.hint().orElseThrow()).contains("--redis-uri"))
        .hasMessage("there is no embedded Redis for this machine (" + osName + ", " + osArch + ")");
  }

  @Test
  void aServerThatIsNotThereIsNoneForTheMachine() {
    assertThatThrownBy(() -> RedisProcess.executable(List.of(), "Linux", "amd64"))
        .isInstanceOf(CommandFailure.class);
  }
}
