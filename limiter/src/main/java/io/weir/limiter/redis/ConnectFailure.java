package io.weir.limiter.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.protocol.RedisProtocolException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Why a connection could not be made, as Lettuce tells it, and what that means. Immutable.
 *
 * @param failure what Lettuce failed with
 * @param place where it connects to, for people
 */
record ConnectFailure(Throwable failure, String place) {
  /**
   * The words of Lettuce, Netty and the JDK for a connection that the other side ended. Which of
   * them it is depends on how much had been sent and read by then.
   */
  private static final List<String> HANG_UPS =
      List.of(
          "Connection closed prematurely",
          "RedisHandshakeHandler not registered",
          "Connection closed while SSL/TLS handshake was in progress",
          "Connection reset",
          "Connection reset by peer",
          "Broken pipe");

  /**
   * Whether a connection was made and ended before it could be used, and nobody said why: as where
   * Redis refuses a password, and its answer comes too late.
   */
  boolean isCutOff() {
    return find(ConnectFailure::isHangUp).isPresent();
  }

  /** That what answers is not to be used as it is, which waiting does not change. */
  Optional<RedisUnavailableException> refusal() {
    return find(cause ->
            cause instanceof RedisCommandExecutionException
                && !(cause instanceof RedisLoadingException))
        .map(
            said ->
                new RedisUnavailableException(
                    "Redis refuses the connection: " + said.getMessage(), said))
        .or(() -> foreign().map(words -> new RedisUnavailableException(words, failure)));
  }

  /** Says that there is no connection, and why, where that would not be guessed. */
  @Override
  public String toString() {
    return "there is no connection" + foreign().or(this::hungUp).map(why -> ": " + why).orElse("");
  }

  private Optional<String> foreign() {
    return find(RedisProtocolException.class::isInstance)
        .map(cause -> "Redis's protocol")
        .or(() -> find(NotSslRecordException.class::isInstance).map(cause -> "TLS"))
        .map(language -> "what answers at " + place + " does not speak " + language);
  }

  /** So does a Kafka broker, but a proxy as well that has no Redis behind it for a while. */
  private Optional<String> hungUp() {
    return isCutOff()
        ? Optional.of(place + " closes it without an answer, as what is no Redis may")
        : Optional.empty();
  }

  private static boolean isHangUp(Throwable cause) {
    String words = String.valueOf(cause.getMessage());
    return cause instanceof ClosedChannelException || HANG_UPS.stream().anyMatch(words::endsWith);
  }

  private Optional<Throwable> find(Predicate<Throwable> wanted) {
    return causes(failure).filter(wanted).findFirst();
  }

  /** What each server of a cluster said, Lettuce has as suppressed. */
  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.concat(
        Stream.of(failure),
        Stream.concat(Stream.ofNullable(failure.getCause()), Arrays.stream(failure.getSuppressed()))
            .flatMap(ConnectFailure::causes));
  }
}
