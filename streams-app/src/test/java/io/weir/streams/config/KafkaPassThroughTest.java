package io.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPassThroughTest {

  @Test
  void securityPropertiesOfTheEnvironmentReachEveryClient() {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(
                "WEIR_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "WEIR_KAFKA_SASL_JAAS_CONFIG", "module required password=\"x\";"),
            Map.of());

    assertThat(settings.adminProperties()).containsEntry("security.protocol", "SASL_SSL");
    assertThat(settings.producerProperties()).containsEntry("security.protocol", "SASL_SSL");
    assertThat(settings.consumerProperties()).containsEntry("security.protocol", "SASL_SSL");
    StreamsConfig streams = new StreamsConfig(settings.streamsProperties(TopicReplication.SINGLE));
    assertThat(streams.getMainConsumerConfigs("group", "client", 0))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.jaas.config", "module required password=\"x\";");
    assertThat(streams.getProducerConfigs("client")).containsEntry("security.protocol", "SASL_SSL");
    assertThat(streams.getAdminConfigs("client")).containsEntry("security.protocol", "SASL_SSL");
  }

  @Test
  void aPrefixedPropertyReachesOneKindOfClientAndWins() {
    Settings settings =
        settings(
            Map.of(
                "kafka.request.timeout.ms", "1000",
                "kafka.admin.request.timeout.ms", "2000",
                "kafka.consumer.max.poll.records", "7",
                "kafka.producer.compression.type", "lz4"));

    assertThat(settings.adminProperties())
        .containsEntry("request.timeout.ms", "2000")
        .doesNotContainKeys("max.poll.records", "compression.type");
    assertThat(settings.producerProperties())
        .containsEntry("request.timeout.ms", "1000")
        .containsEntry("compression.type", "lz4");
    assertThat(settings.consumerProperties())
        .containsEntry("max.poll.records", "7")
        .doesNotContainKey("compression.type");
  }

  @Test
  void aPropertyThatKafkaDoesNotKnowIsPassedOnWithAWarning() {
    Settings settings = settings(Map.of("kafka.max.pol.records", "7"));

    assertThat(settings.warnings())
        .containsExactly(
            "command line: Kafka has no property max.pol.records (did you mean"
                + " max.poll.records?); it is passed on nevertheless");
    assertThat(settings.adminProperties()).containsEntry("max.pol.records", "7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka.max.poll.records",
        "kafka.main.consumer.fetch.min.bytes",
        "kafka.topic.min.insync.replicas",
        "kafka.client.tag.zone",
        "kafka.admin.retries"
      })
  void propertiesThatKafkaKnowsGiveNoWarning(String name) {
    assertThat(settings(Map.of(name, "1")).warnings()).isEmpty();
  }

  @Test
  void aPropertyOfAnotherKindOfClientGivesAWarning() {
    assertThat(settings(Map.of("kafka.consumer.compression.type", "lz4")).warnings()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kafka.max.poll.records         | many | it must be a whole number: [1,...]
          kafka.producer.linger.ms       | -1   | it must be a whole number: [0,...]
          """)
  void aBadValueOfAKnownPropertyIsReported(String name, String value, String message) {
    assertThatThrownBy(() -> settings(Map.of(name, value)))
        .isInstanceOf(SettingsException.class)
        .hasMessage("command line: " + name + " is '" + value + "'; " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kafka.processing.guarantee              | set processing.guarantee instead
          kafka.bootstrap.servers                 | set bootstrap.servers instead
          kafka.application.server                | set http.advertised instead
          kafka.auto.offset.reset                 | records would be lost or judged twice
          kafka.main.consumer.auto.offset.reset   | records would be lost or judged twice
          kafka.consumer.isolation.level          | records would be lost or judged twice
          kafka.default.value.serde               | Weir reads and writes its own formats
          kafka.producer.partitioner.class        | queries find an identifier by Kafka's default placement
          kafka.rocksdb.config.setter             | set rocksdb.block.cache and rocksdb.write.buffers instead
          kafka.topic.cleanup.policy              | internal topics would lose state or requests
          kafka.processing.exception.handler      | Weir decides what happens to records that fail
          kafka.group.protocol                    | Weir relies on the classic protocol
          """)
  void aPropertyThatWouldBreakAGuaranteeIsRefusedWithTheReason(String name, String reason) {
    assertThatThrownBy(() -> settings(Map.of(name, "x")))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("command line: " + name + " cannot be set: " + reason);
  }

  @Test
  void secretsAreNeverShown() {
    Settings settings =
        settings(
            Map.of(
                "kafka.sasl.jaas.config", "module required password=\"hush\";",
                "kafka.ssl.keystore.password", "hush",
                "kafka.producer.ssl.keystore.key", "hush",
                "schema.registry.basic.auth.user.info", "me:hush",
                "schema.registry.url", "http://me:hush@registry:8081",
                "kafka.my.plugin.secret", "hush",
                "http.port", "1"));

    assertThat(settings.toString()).doesNotContain("hush").contains("http.port=1 (command line)");
    assertThat(settings.describe())
        .containsEntry("schema.registry.url", "http://(hidden)@registry:8081 (command line)")
        .containsEntry("kafka.ssl.keystore.password", "(hidden) (command line)");
    assertThat(settings.adminProperties()).containsEntry("ssl.keystore.password", "hush");
  }

  @Test
  void theSerdeGetsConfluentsKeys() {
    Settings settings =
        settings(
            Map.of(
                "schema.registry.url", "https://registry",
                "schema.registry.basic.auth.user.info", "me:hush",
                "schema.registry.auto.register.schemas", "false",
                "schema.registry.ssl.truststore.location", "/trust.jks"));

    assertThat(settings.serdeProperties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "schema.registry.url", "https://registry",
                "basic.auth.user.info", "me:hush",
                "auto.register.schemas", "false",
                "schema.registry.ssl.truststore.location", "/trust.jks"));
  }

  @Test
  void commandsWriteToAllReplicasAndReadCommittedRecords() {
    Settings settings = settings(Map.of("kafka.transaction.timeout.ms", "60000"));

    assertThat(settings.producerProperties())
        .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
        .doesNotContainKey(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
    assertThat(settings.consumerProperties()).containsEntry("isolation.level", "read_committed");
  }

  @Test
  void decisionsOfTheGatewayAreWrittenAsKafkaStreamsWritesThoseOfTheTopology() {
    Settings settings =
        settings(
            Map.of(
                "application.id", "throttle",
                "kafka.producer.linger.ms", "20",
                "kafka.compression.type", "lz4"));

    assertThat(settings.decisionsProducerProperties())
        .containsEntry(ProducerConfig.CLIENT_ID_CONFIG, "throttle-gateway-decisions")
        .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
        .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    Map<String, Object> ofStreams =
        new StreamsConfig(settings.streamsProperties(TopicReplication.SINGLE))
            .getProducerConfigs("client");
    for (String name :
        List.of(
            ProducerConfig.LINGER_MS_CONFIG,
            ProducerConfig.BATCH_SIZE_CONFIG,
            ProducerConfig.COMPRESSION_TYPE_CONFIG)) {
      assertThat(settings.decisionsProducerProperties()).containsEntry(name, ofStreams.get(name));
    }
  }

  private static Settings settings(Map<String, String> settings) {
    return SettingsLoader.of(settings);
  }
}
