package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class SurroundingsTest {

  @Test
  void bytesThatAreNotAvroAreTheRecordsFault() {
    assertThat(Surroundings.areInnocentOf(new SerializationException("unknown magic byte")))
        .isTrue();
    assertThat(
            Surroundings.areInnocentOf(new SerializationException("cut short", new EOFException())))
        .isTrue();
    assertThat(Surroundings.areInnocentOf(new AvroRuntimeException("malformed data"))).isTrue();
    assertThat(Surroundings.areInnocentOf(new IndexOutOfBoundsException("7"))).isTrue();
  }

  @Test
  void registryThatCannotBeReachedIsNot() {
    assertThat(Surroundings.areInnocentOf(new TimeoutException("registry"))).isFalse();
    assertThat(wrapped(new ConnectException("refused"))).isFalse();
    assertThat(wrapped(new SocketTimeoutException("read timed out"))).isFalse();
    assertThat(wrapped(new UnknownHostException("registry"))).isFalse();
    assertThat(wrapped(new HttpConnectTimeoutException("connect timed out"))).isFalse();
  }

  @Test
  void aRegistryThatConfluentsSerdeFindsDownIsNot() {
    assertThat(wrapped(new RestClientException(503))).isFalse();
    assertThat(wrapped(new RestClientException(429))).isFalse();
    assertThat(wrapped(new RestClientException(404))).isTrue();
  }

  @Test
  void configurationAndInterruptionAreNot() {
    assertThat(Surroundings.areInnocentOf(new ConfigException("no registry url"))).isFalse();
    assertThat(Surroundings.areInnocentOf(new InterruptException("stopping"))).isFalse();
    Thread.interrupted(); // the exception's constructor sets the flag
  }

  /** In the shape of Confluent's, which is known by its name and its status. */
  public static final class RestClientException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    RestClientException(int status) {
      super("answered " + status);
      this.status = status;
    }

    public int getStatus() {
      return status;
    }
  }

  private static boolean wrapped(Exception cause) {
    return Surroundings.areInnocentOf(
        new SerializationException("error retrieving schema", new RuntimeException(cause)));
  }
}
