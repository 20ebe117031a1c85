package io.weir.streams.serde;

import java.io.EOFException;
import java.io.IOException;
import java.util.stream.Stream;
import org.apache.avro.InvalidNumberEncodingException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Tells a record that nobody can read from a registry that does not answer. Only the first may go
 * to the dead-letter topic; at the second, the record must be tried again.
 */
public final class PoisonPills {
  private PoisonPills() {}

  /**
   * Whether what a deserializer threw is the record's own fault. Weir's deserializer says so by
   * type. Others, Confluent's among them, throw {@code SerializationException} for both: there, an
   * I/O error as the cause means the registry, unless it comes from the bytes or is the registry's
   * own word that it has no such schema.
   */
  public static boolean isPoison(Throwable thrown) {
    if (thrown instanceof UndecodableRecordException) {
      return true;
    }
    return thrown instanceof SerializationException
        && Stream.iterate(thrown.getCause(), t -> t != null, Throwable::getCause)
            .limit(20)
            .noneMatch(PoisonPills::isRegistryTrouble);
  }

  private static boolean isRegistryTrouble(Throwable cause) {
    boolean fromBytes =
        cause instanceof EOFException || cause instanceof InvalidNumberEncodingException;
    // Confluent's RestClientException is an IOException that ends in the registry's error code.
    boolean noSuchSchema = String.valueOf(cause.getMessage()).endsWith("error code: 40403");
    return cause instanceof IOException && !fromBytes && !noSuchSchema;
  }
}
