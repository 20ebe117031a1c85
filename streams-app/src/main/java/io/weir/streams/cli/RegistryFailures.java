package io.weir.streams.cli;

import io.weir.streams.serde.RegistryRefusedException;
import io.weir.streams.serde.RegistryRefusedException.Reason;
import io.weir.streams.serde.RegistryUnavailableException;
import io.weir.streams.serde.Surroundings;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/** Says in a sentence and a hint what a serde's trouble with its registry means. */
public final class RegistryFailures {
  private static final String WHERE_AND_WHO =
      "look at schema.registry.url and the credentials, schema.registry.basic.auth.user.info or"
          + " schema.registry.bearer.auth.token, in the settings";

  private RegistryFailures() {}

  /**
   * The failure that an exception of a serde comes to which is no fault of the record.
   *
   * @param thrown an exception that {@link Surroundings#areInnocentOf} does not take for the
   *     record's fault
   */
  public static CommandFailure ofSerde(RuntimeException thrown) {
    return find(thrown)
        .orElseGet(
            () ->
                Surroundings.areDown(thrown)
                    ? unavailable(thrown)
                    : refused(thrown, WHERE_AND_WHO));
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
      if (cause instanceof RegistryRefusedException refused) {
        return Optional.of(refused(refused, hint(refused.reason())));
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

  private static CommandFailure refused(Throwable cause, String hint) {
    return new CommandFailure("the schema registry refuses: " + said(cause), hint, cause);
  }

  private static String hint(Reason reason) {
    return switch (reason) {
      case CREDENTIALS, ANSWER -> WHERE_AND_WHO;
      case INCOMPATIBLE ->
          "look at what is registered under the subject, and by whom: a newer Weir's schema asks for"
              + " that Weir, and another application's for another name, which the settings topics.…"
              + " and application.id give; docs/schemas.md says which compatibility level fits";
      case NOT_TAKEN ->
          "the registry says why; one that is read-only takes no schema, and neither does a subject"
              + " that is";
      case NOT_REGISTERED ->
          "./weir schemas register registers all of Weir's; with"
              + " schema.registry.auto.register.schemas=true each is registered when it is needed";
    };
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
