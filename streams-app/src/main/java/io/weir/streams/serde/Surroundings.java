package io.weir.streams.serde;

import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Tells failures of what Weir works with, such as a registry that is down or refuses our password,
 * from those of a record. A good record must never be taken for a bad one because of the former.
 *
 * <p>The causes are looked through, because other serdes than ours wrap what the network says in
 * the exception that they use for bad bytes. An EOFException is no such cause: it is what Avro
 * throws where bytes end too early.
 */
public final class Surroundings {
  /** Deeper than any chain of causes that is not a circle. */
  private static final int MAX_CAUSES = 50;

  /** What Confluent's client throws where the registry answered, but not with what was asked. */
  private static final String REST_EXCEPTION = "RestClientException";

  private Surroundings() {}

  /** Whether a failure says that something cannot be reached or cannot work, for now. */
  public static boolean areDown(Throwable failure) {
    return causes(failure).anyMatch(Surroundings::isOutage);
  }

  /** Whether reading the same record again would fail again, whatever the surroundings. */
  public static boolean areInnocentOf(RuntimeException failure) {
    boolean refused =
        failure instanceof KafkaException && !(failure instanceof SerializationException);
    return !refused && !areDown(failure);
  }

  /** A failure and its causes, the outermost first; of a circle only the beginning. */
  public static Stream<Throwable> causes(Throwable failure) {
    return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
        .limit(MAX_CAUSES);
  }

  private static boolean isOutage(Throwable cause) {
    return cause instanceof RetriableException
        || cause instanceof InterruptedIOException
        || cause instanceof SocketException
        || cause instanceof SSLException
        || cause instanceof UnknownHostException
        || cause instanceof HttpTimeoutException
        || registryStatus(cause).stream().anyMatch(RegistryTransport::meansDown);
  }

  /** The HTTP status in an exception of Confluent's client, whose classes are not ours to have. */
  private static OptionalInt registryStatus(Throwable cause) {
    if (!cause.getClass().getSimpleName().equals(REST_EXCEPTION)) {
      return OptionalInt.empty();
    }
    try {
      Object status = cause.getClass().getMethod("getStatus").invoke(cause);
      return status instanceof Integer number ? OptionalInt.of(number) : OptionalInt.empty();
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      return OptionalInt.empty();
    }
  }
}
