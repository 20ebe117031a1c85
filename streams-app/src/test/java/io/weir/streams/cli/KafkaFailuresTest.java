package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class KafkaFailuresTest {

  @Test
  void aRegistryThatIsDownIsNotTakenForKafka() {
    CommandFailure failure =
        KafkaFailures.explain(new ExecutionException(RegistryTrouble.unavailable()));

    assertThat(failure).hasMessageStartingWith("the schema registry does not answer: ");
    assertThat(failure.hint().orElse("")).contains("schema.registry.url", "--registry");
  }

  @Test
  void aRegistryThatRefusesIsNotTakenForKafka() {
    CommandFailure failure = KafkaFailures.explain(RegistryTrouble.refused());

    assertThat(failure)
        .hasMessageStartingWith("the schema registry refuses: ")
        .hasMessageContaining("401");
    assertThat(failure.hint().orElse("")).contains("schema.registry.url", "credentials");
  }

  @Test
  void whatOtherSerdesWrapIsLookedThrough() {
    assertThat(
            KafkaFailures.explain(
                new SerializationException("no schema", new ConnectException("refused"))))
        .hasMessage("the schema registry does not answer: no schema: refused");
  }

  @Test
  void troubleOfKafkasOwnClientsStaysTheirs() {
    assertThat(KafkaFailures.explain(new ExecutionException(new TimeoutException("no node"))))
        .hasMessage("Kafka does not answer");
    assertThat(
            KafkaFailures.explain(
                new SslAuthenticationException("no", new SSLHandshakeException("no"))))
        .hasMessage("Kafka refuses to know us: no");
    assertThat(KafkaFailures.explain(new SerializationException("bad bytes")))
        .hasMessage("Kafka refuses: bad bytes");
  }
}
