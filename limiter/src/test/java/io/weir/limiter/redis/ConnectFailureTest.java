package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectFailureTest {
  /** Each was seen where a server ends connections as soon as they are made. */
  static Stream<Throwable> hangUps() {
    return Stream.of(
        new RedisConnectionException("Connection closed prematurely"),
        new IllegalStateException("RedisHandshakeHandler not registered"),
        new SocketException("Connection reset"),
        new IOException("Broken pipe"),
        new IOException("recvAddress(..) failed: Connection reset by peer"),
        new ClosedChannelException());
  }

  static Stream<Throwable> others() {
    return Stream.of(
        new ConnectException("Connection refused"),
        new SSLHandshakeException("No trusted certificate found"),
        new IllegalStateException());
  }

  @ParameterizedTest
  @MethodSource("hangUps")
  void aConnectionThatTheOtherSideEndsIsCutOffWhateverTheWords(Throwable cause) {
    ConnectFailure failure = new ConnectFailure(wrapped(cause), "redis:6379");
    assertThat(failure.isCutOff()).isTrue();
    assertThat(failure.refusal()).isEmpty();
    assertThat(failure)
        .hasToString(
            "there is no connection: redis:6379 closes it without an answer,"
                + " as what is no Redis may");
  }

  @ParameterizedTest
  @MethodSource("others")
  void oneThatIsNeverMadeIsNotCutOff(Throwable cause) {
    ConnectFailure failure = new ConnectFailure(wrapped(cause), "redis:6379");
    assertThat(failure.isCutOff()).isFalse();
    assertThat(failure).hasToString("there is no connection");
  }

  private static Throwable wrapped(Throwable cause) {
    return new CompletionException(
        new RedisConnectionException("Unable to connect", new CompletionException(cause)));
  }
}
