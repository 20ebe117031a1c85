package io.weir.streams.cli;

import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Says in a sentence and a hint what an exception of Kafka's clients means. */
public final class KafkaFailures {
  private KafkaFailures() {}

  /** The failure that an exception, or the one it wraps, comes to. */
  public static CommandFailure explain(Throwable thrown) {
    return explain(thrown, "it");
  }

  /**
   * The failure that an exception, or the one it wraps, comes to.
   *
   * @param intent what was tried, such as {@code creating weir.rules}: Kafka does not always say
   */
  public static CommandFailure explain(Throwable thrown, String intent) {
    Throwable cause = root(thrown);
    if (cause instanceof CommandFailure failure) {
      return failure;
    }
    Optional<CommandFailure> ofRegistry = RegistryFailures.find(thrown);
    if (ofRegistry.isPresent()) {
      return ofRegistry.get();
    }
    Optional<CommandFailure> ofMissingClass = MissingClass.find(thrown);
    if (ofMissingClass.isPresent()) {
      return ofMissingClass.get();
    }
    String said = String.valueOf(cause.getMessage());
    if (cause instanceof TimeoutException timeout) {
      return KafkaTimeouts.explain(timeout, intent);
    }
    if (cause instanceof AuthenticationException) {
      return new CommandFailure(
          "Kafka refuses to know us: " + said,
          "look at kafka.security.protocol and kafka.sasl.… in the settings",
          cause);
    }
    if (cause instanceof AuthorizationException) {
      return new CommandFailure(
          "Kafka does not permit " + intent + ": " + said,
          "docs/operations.md lists the rights that each command needs",
          cause);
    }
    if (cause instanceof UnknownTopicOrPartitionException) {
      return new CommandFailure(
          "a topic does not exist: " + said, "./weir topics apply creates what is missing", cause);
    }
    if (cause instanceof ConfigException) {
      return new CommandFailure(
          "Kafka does not accept the settings: " + said, "docs/settings.md lists them", cause);
    }
    return new CommandFailure("Kafka refuses: " + said, cause);
  }

  /** The failure that an interruption comes to; the thread stays interrupted. */
  public static CommandFailure interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CommandFailure("interrupted while waiting for Kafka", e);
  }

  /** Kafka wraps the cause that tells, in its own exceptions and in those of futures. */
  private static Throwable root(Throwable thrown) {
    Throwable current = thrown;
    @Nullable Throwable cause = current.getCause();
    while (cause != null
        && (!(current instanceof KafkaException) || current.getClass() == KafkaException.class)) {
      current = cause;
      cause = current.getCause();
    }
    return current;
  }
}
