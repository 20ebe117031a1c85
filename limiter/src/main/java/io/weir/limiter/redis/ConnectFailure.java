package io.weir.limiter.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.protocol.RedisProtocolException;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
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
  /** Lettuce's words, which has no exception of its own for it. */
  private static final String HUNG_UP = "Connection closed prematurely";

  /**
   * Whether a connection was made and ended before it could be used, and nobody said why: as where
   * Redis refuses a password, and its answer comes too late.
   */
  boolean isCutOff() {
    return find(cause ->
            cause instanceof RedisCommandExecutionException
                || cause instanceof RedisCommandTimeoutException
                || cause instanceof RedisProtocolException
                || cause instanceof NotSslRecordException
                || cause instanceof SocketException
                || cause instanceof UnknownHostException)
        .isEmpty();
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
    return find(cause ->
            cause instanceof RedisConnectionException && HUNG_UP.equals(cause.getMessage()))
        .map(cause -> place + " closes it without an answer, as what is no Redis may");
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
