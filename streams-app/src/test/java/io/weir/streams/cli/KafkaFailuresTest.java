package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.ConnectException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void aSchemaThatNobodyRegisteredIsNoMatterOfTheRegistrysAddress() {
    CommandFailure failure = KafkaFailures.explain(RegistryTrouble.notRegistered());

    assertThat(failure)
        .hasMessageContaining("answered 404 (Schema not found); register the schema");
    assertThat(failure.hint().orElse(""))
        .startsWith("./weir schemas register registers all of Weir's")
        .contains("schema.registry.auto.register.schemas=true")
        .doesNotContain("credentials");
  }

  @Test
  void whatOtherSerdesWrapIsLookedThrough() {
    assertThat(
            KafkaFailures.explain(
                new SerializationException("no schema", new ConnectException("refused"))))
        .hasMessage("the schema registry does not answer: no schema: refused");
  }

  @ParameterizedTest
  @CsvSource({
    "interceptor.classes, a.Missing",
    "metric.reporters, a.Missing",
    "sasl.login.callback.handler.class, a.Missing",
    "sasl.jaas.config, a.Missing required;",
  })
  void aPlugInThatIsMissingIsNamedWithWhereItsJarGoes(String property, String value) {
    Map<String, Object> properties =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            "127.0.0.1:1",
            CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
            "SASL_PLAINTEXT",
            SaslConfigs.SASL_MECHANISM,
            "PLAIN",
            property,
            value);
    KafkaException thrown =
        catchThrowableOfType(
            KafkaException.class,
            () ->
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())
                    .close());

    CommandFailure failure = KafkaFailures.explain(thrown);

    assertThat(failure)
        .hasMessage("the class a.Missing, which a setting kafka.… names, is not on the classpath");
    assertThat(failure.hint().orElse("")).contains("WEIR_CLASSPATH");
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
