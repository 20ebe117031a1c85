package io.weir.streams.app;

import io.weir.streams.serde.RegistryUnavailableException;
import io.weir.streams.serde.Surroundings;
import io.weir.streams.store.UnreadableRowException;
import io.weir.streams.topology.StoppingException;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.MisconfiguredInternalTopicException;
import org.apache.kafka.streams.errors.MissingInternalTopicsException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.TopologyException;

/** Tells passing failures from those that would come again. Thread-safe. */
public final class FailureClassifier {
  /** What Kafka Streams says, in a plain StreamsException, of an internal topic of other size. */
  private static final String INVALID_PARTITIONS = "has invalid partitions";

  private final Set<Class<? extends Throwable>> outages;
  private final Set<Class<? extends Throwable>> corruptions;

  /**
   * A classifier that knows Kafka's exceptions, and these.
   *
   * @param outages exceptions that say that something Weir needs is down
   * @param corruptions exceptions that say that stored bytes cannot be read; their messages say
   *     what to do
   */
  public FailureClassifier(
      Set<Class<? extends Throwable>> outages, Set<Class<? extends Throwable>> corruptions) {
    this.outages = Set.copyOf(outages);
    this.corruptions = Set.copyOf(corruptions);
  }

  /** The classifier of the application. */
  public static FailureClassifier standard() {
    return new FailureClassifier(
        Set.of(RegistryUnavailableException.class, StoppingException.class),
        Set.of(UnreadableRowException.class));
  }

  /** Whether a failure says that something that Weir needs is down, or that Weir stops. */
  public boolean isOutage(Throwable failure) {
    return classify(failure).kind() == Failure.Kind.OUTAGE;
  }

  Failure classify(Throwable failure) {
    List<Throwable> chain = Surroundings.causes(failure).toList();
    for (Throwable cause : chain) {
      if (isAny(outages, cause)
          || cause instanceof TimeoutException
          || cause instanceof DisconnectException) {
        return new Failure(Failure.Kind.OUTAGE, sentence(cause));
      }
    }
    for (Throwable cause : chain) {
      String advice = advice(cause);
      if (!advice.isEmpty()) {
        return new Failure(Failure.Kind.FATAL, sentence(cause) + "; " + advice);
      }
    }
    if (isUnreadableNow(chain)) {
      return new Failure(Failure.Kind.OUTAGE, sentence(chain.get(chain.size() - 1)));
    }
    return new Failure(Failure.Kind.PASSING, sentence(chain.get(chain.size() - 1)));
  }

  /** What to do about a cause that would come again; empty where it may pass. */
  private String advice(Throwable cause) {
    if (isAny(corruptions, cause)) {
      return "Weir stops rather than hand out a limit twice";
    }
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      return "Kafka refuses this: check the credentials in the settings, and the rights"
          + " of this principal";
    }
    if (cause instanceof MissingSourceTopicException) {
      return "create the topics with ./weir topics apply";
    }
    if (cause instanceof TopologyException
        || cause instanceof MisconfiguredInternalTopicException
        || cause instanceof MissingInternalTopicsException
        || String.valueOf(cause.getMessage()).contains(INVALID_PARTITIONS)) {
      return "the topics do not fit the application: compare them with ./weir topics check";
    }
    if (cause instanceof UnsupportedVersionException) {
      return "the brokers are too old for what the settings ask of them";
    }
    if (cause instanceof VirtualMachineError || cause instanceof LinkageError) {
      return "the Java runtime is not sound any more: give it more memory, or check the class path";
    }
    return "";
  }

  /** Other serdes than ours say in the exception for bad bytes that their registry is down. */
  private static boolean isUnreadableNow(List<Throwable> chain) {
    return chain.stream()
        .anyMatch(cause -> cause instanceof SerializationException && Surroundings.areDown(cause));
  }

  private static boolean isAny(Set<Class<? extends Throwable>> kinds, Throwable cause) {
    return kinds.stream().anyMatch(kind -> kind.isInstance(cause));
  }

  private static String sentence(Throwable cause) {
    String message = cause.getMessage();
    String kind = cause.getClass().getSimpleName();
    return message == null || message.isBlank() ? kind : kind + ": " + message.strip();
  }
}
