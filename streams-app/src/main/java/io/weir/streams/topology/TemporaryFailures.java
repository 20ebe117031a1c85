package io.weir.streams.topology;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Tells failures that will pass, such as a registry that is down, from records that are bad. A good
 * record must never become a dead letter because of the former.
 *
 * <p>The causes are looked through, because other serdes than ours wrap what the network says in
 * the exception that they use for bad bytes. An EOFException is no such cause: it is what Avro
 * throws where bytes end too early.
 */
final class TemporaryFailures {
  private static final int MAX_CAUSES = 16;

  private TemporaryFailures() {}

  static boolean isTemporary(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof RetriableException
          || cause instanceof InterruptException
          || cause instanceof WakeupException
          || cause instanceof InterruptedIOException
          || cause instanceof SocketException
          || cause instanceof UnknownHostException
          || cause instanceof HttpTimeoutException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
