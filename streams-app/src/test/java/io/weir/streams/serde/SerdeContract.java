package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.Decision;
import io.weir.schemas.DomainRules;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.RealBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What Weir expects of any serde class that is named in the settings, checked against a real
 * registry. A subclass names the serde.
 */
@ExtendWith(RealBroker.class)
abstract class SerdeContract {
  private static final int HEADER_BYTES = 5;

  private final String registryUrl;
  private final SchemaRegistryClient registry;
  private final String topic = RealBroker.uniqueName("contract");
  private final String subject = topic + "-value";

  SerdeContract(RegistryProcess registryProcess) {
    this.registryUrl = registryProcess.url();
    this.registry =
        new HttpSchemaRegistryClient(new SerdeConfig(Map.of(SerdeConfig.URL, registryUrl)));
  }

  /** Name of the serde class. */
  abstract String serdeClass();

  @Test
  void whatIsWrittenIsReadAgain() {
    assertRoundTrip(RequestEvent.class, Samples.request("r-1"));
    assertRoundTrip(Decision.class, Samples.decision());
    assertRoundTrip(DomainRules.class, Samples.rules());
  }

  @Test
  void bytesAreAZeroTheSchemaIdAndTheAvroBinary() {
    RequestEvent event = Samples.request("r-1");

    byte[] bytes = serde(RequestEvent.class).serializer().serialize(topic, event);

    int id = registry.idOf(subject, RegisteredForm.of(RequestEvent.getClassSchema()));
    assertThat(bytes).isEqualTo(Samples.wire(id, Samples.avro(event)));
  }

  @Test
  void aRecordOfAnOlderSchemaGetsTheDefaultsOfWhatIsNew() {
    int id = registry.register(subject, Samples.OLDER_REQUEST);
    GenericRecord old =
        new GenericRecordBuilder(Samples.OLDER_REQUEST)
            .set("request_id", "r-0")
            .set("domain", "api")
            .set("attributes", Map.of("user_id", "42"))
            .build();

    RequestEvent event = read(Samples.wire(id, Samples.avro(Samples.OLDER_REQUEST, old)));

    assertThat(event.getRequestId()).isEqualTo("r-0");
    assertThat(event.getAttributes()).containsEntry("user_id", "42");
    assertThat(event.getCost()).isEqualTo(1);
    assertThat(event.getOperation()).isEqualTo(Operation.CHECK);
  }

  @Test
  void aReaderOfAnOlderSchemaReadsWhatIsWrittenNow() throws IOException {
    registry.register(subject, Samples.OLDER_REQUEST);
    byte[] bytes = serde(RequestEvent.class).serializer().serialize(topic, Samples.request("r-1"));

    Schema written = registry.schemaOf(WireFormat.schemaId(topic, bytes));
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(written, Samples.OLDER_REQUEST)
            .read(
                null,
                DecoderFactory.get()
                    .binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null));

    assertThat(read.get("request_id")).hasToString("r-1");
    assertThat(read.getSchema().getField("cost")).isNull();
  }

  @Test
  void aRecordOfANewerSchemaIsReadWithoutWhatIsNew() {
    Schema newer =
        new Schema.Parser()
            .parse(
                RegisteredForm.of(RequestEvent.getClassSchema())
                    .toString()
                    .replace(
                        "{\"name\":\"domain\"",
                        "{\"name\":\"region\",\"type\":\"string\",\"default\":\"eu\"},{\"name\":\"domain\""));
    registry.register(subject, RegisteredForm.of(RequestEvent.getClassSchema()));
    assertThat(registry.isCompatible(subject, newer)).isTrue();
    int id = registry.register(subject, newer);
    GenericRecord record =
        new GenericRecordBuilder(newer)
            .set("request_id", "r-2")
            .set("region", "us")
            .set("domain", "api")
            .set("attributes", Map.of("user_id", "42"))
            .build();

    assertThat(read(Samples.wire(id, Samples.avro(newer, record))))
        .isEqualTo(Samples.request("r-2"));
  }

  @Test
  void withoutAutoRegistrationTheSchemaOfTheFileIsFound() throws IOException {
    Path file = Path.of("..", "schemas", "src", "main", "avro", "RequestEvent.avsc");
    int id = registry.register(subject, new Schema.Parser().parse(file.toFile()));

    byte[] bytes = strict().serializer().serialize(topic, Samples.request("r-1"));

    assertThat(WireFormat.schemaId(topic, bytes)).isEqualTo(id);
  }

  @Test
  void withoutAutoRegistrationASchemaThatIsNotThereIsRefused() {
    Serde<RequestEvent> strict = strict();

    assertThatThrownBy(() -> strict.serializer().serialize(topic, Samples.request("r-1")))
        .isInstanceOf(KafkaException.class);
  }

  @Test
  void aTombstoneStaysATombstone() {
    Serde<RequestEvent> serde = serde(RequestEvent.class);

    assertThat(serde.serializer().serialize(topic, null)).isNull();
    assertThat(serde.deserializer().deserialize(topic, null)).isNull();
  }

  @Test
  void bytesThatAreNotInTheFormatAreTheRecordsFault() {
    assertUndecodable("{\"request_id\": \"r-1\"}".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anIdThatTheRegistryDoesNotKnowIsTheRecordsFault() {
    assertUndecodable(Samples.wire(987_654, Samples.avro(Samples.request("r-1"))));
  }

  @Test
  void bytesThatEndTooEarlyAreTheRecordsFault() {
    int id = registry.register(subject, RegisteredForm.of(RequestEvent.getClassSchema()));
    assertUndecodable(Samples.wire(id, new byte[] {6, 'a'}));
  }

  private void assertUndecodable(byte[] bytes) {
    Serde<RequestEvent> serde = serde(RequestEvent.class);
    assertThatThrownBy(() -> serde.deserializer().deserialize(topic, bytes))
        .isInstanceOf(SerializationException.class);
  }

  private <T extends SpecificRecord> void assertRoundTrip(Class<T> type, T value) {
    Serde<T> serde = serde(type);
    String ownTopic = topic + "-" + type.getSimpleName();
    byte[] bytes = serde.serializer().serialize(ownTopic, value);
    assertThat(serde.deserializer().deserialize(ownTopic, bytes)).isEqualTo(value);
  }

  private RequestEvent read(byte[] bytes) {
    return Objects.requireNonNull(
        serde(RequestEvent.class).deserializer().deserialize(topic, bytes));
  }

  private <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
    return AvroSerdes.by(serdeClass(), Map.of(SerdeConfig.URL, registryUrl)).forValues(type);
  }

  private Serde<RequestEvent> strict() {
    return AvroSerdes.by(
            serdeClass(), Map.of(SerdeConfig.URL, registryUrl, SerdeConfig.AUTO_REGISTER, "false"))
        .forValues(RequestEvent.class);
  }
}
