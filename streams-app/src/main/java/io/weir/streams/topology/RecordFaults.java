package io.weir.streams.topology;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Tells bad records from bad surroundings, such as a registry that is down or refuses our password.
 * A good record must never become a dead letter because of the latter.
 *
 * <p>The causes are looked through, because other serdes than ours wrap what the network says in
 * the exception that they use for bad bytes. An EOFException is no such cause: it is what Avro
 * throws where bytes end too early.
 */
final class RecordFaults {
  private static final int MAX_CAUSES = 16;

  private RecordFaults() {}

  /** Whether reading the same record again would fail again, whatever the surroundings. */
  static boolean isOfRecord(RuntimeException failure) {
    if (failure instanceof KafkaException && !(failure instanceof SerializationException)) {
      return false;
    }
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof RetriableException
          || cause instanceof InterruptedIOException
          || cause instanceof SocketException
          || cause instanceof SSLException
          || cause instanceof UnknownHostException
          || cause instanceof HttpTimeoutException) {
        return false;
      }
      cause = cause.getCause();
    }
    return true;
  }
}
