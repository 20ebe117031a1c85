package io.weir.streams.cli;

import io.weir.streams.serde.RegistryRefusedException;
import io.weir.streams.serde.RegistryUnavailableException;
import io.weir.streams.serde.Surroundings;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/** Says in a sentence and a hint what a serde's trouble with its registry means. */
public final class RegistryFailures {
  private RegistryFailures() {}

  /**
   * The failure that an exception of a serde comes to which is no fault of the record.
   *
   * @param thrown an exception that {@link Surroundings#areInnocentOf} does not take for the
   *     record's fault
   */
  public static CommandFailure ofSerde(RuntimeException thrown) {
    return find(thrown)
        .orElseGet(() -> Surroundings.areDown(thrown) ? unavailable(thrown) : refused(thrown));
  }

  /**
   * The failure, if the exception, which may be of Kafka's clients too, tells of a registry. Other
   * serdes than ours wrap what the network says; Kafka's clients never do.
   */
  static Optional<CommandFailure> find(Throwable thrown) {
    for (Throwable cause : Surroundings.causes(thrown).toList()) {
      if (cause instanceof RegistryUnavailableException) {
        return Optional.of(unavailable(cause));
      }
      if (cause instanceof RegistryRefusedException) {
        return Optional.of(refused(cause));
      }
      if (cause instanceof SerializationException && Surroundings.areDown(cause)) {
        return Optional.of(unavailable(cause));
      }
    }
    boolean ofKafka = Surroundings.causes(thrown).anyMatch(KafkaException.class::isInstance);
    return !ofKafka && Surroundings.areDown(thrown)
        ? Optional.of(unavailable(thrown))
        : Optional.empty();
  }

  private static CommandFailure unavailable(Throwable cause) {
    return new CommandFailure(
        "the schema registry does not answer: " + said(cause),
        "is it running, and is schema.registry.url right? --registry sets it",
        cause);
  }

  private static CommandFailure refused(Throwable cause) {
    return new CommandFailure(
        "the schema registry refuses: " + said(cause),
        "look at schema.registry.url and the credentials, schema.registry.basic.auth.user.info or"
            + " schema.registry.bearer.auth.token, in the settings",
        cause);
  }

  /** What it says itself and, where a serde wraps it, what the network says. */
  private static String said(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    Throwable last = Surroundings.causes(thrown).reduce(thrown, (first, second) -> second);
    String deepest =
        Optional.ofNullable(last.getMessage()).orElseGet(() -> last.getClass().getSimpleName());
    return message.contains(deepest) ? message : message + ": " + deepest;
  }
}
