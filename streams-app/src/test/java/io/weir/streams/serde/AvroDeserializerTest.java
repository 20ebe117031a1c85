package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.Decision;
import io.weir.schemas.DomainRules;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class AvroDeserializerTest {
  private final CountingRegistry registry = new CountingRegistry();
  private final FakeTicker ticker = new FakeTicker();
  private final AvroDeserializer<RequestEvent> deserializer =
      new AvroDeserializer<>(RequestEvent.class, registry, ticker);

  @Test
  void readsWhatTheSerializerWrote() {
    var requests = new AvroSerde<>(RequestEvent.class, registry, true);
    var decisions = new AvroSerde<>(Decision.class, registry, true);
    var rules = new AvroSerde<>(DomainRules.class, registry, true);

    assertThat(roundTrip(requests, Samples.request("r-1"))).isEqualTo(Samples.request("r-1"));
    assertThat(roundTrip(decisions, Samples.decision())).isEqualTo(Samples.decision());
    assertThat(roundTrip(rules, Samples.rules())).isEqualTo(Samples.rules());
  }

  @Test
  void aRecordOfAnOlderSchemaGetsTheDefaultsOfWhatIsNew() {
    int id = registry.register("requests-value", Samples.OLDER_REQUEST);

    RequestEvent event = Objects.requireNonNull(deserializer.deserialize("requests", older(id)));

    assertThat(event.getRequestId()).isEqualTo("r-0");
    assertThat(event.getCost()).isEqualTo(1);
    assertThat(event.getOperation()).isEqualTo(Operation.CHECK);
  }

  @Test
  void anOperationThatIsNewerThanThisProgramReadsAsUnknown() {
    Schema newer =
        new Schema.Parser()
            .parse(
                RequestEvent.getClassSchema()
                    .toString()
                    .replace("\"RESET\"", "\"RESET\",\"DOUBLE\""));
    int id = registry.register("requests-value", newer);
    var record =
        new GenericRecordBuilder(newer)
            .set("request_id", "r-1")
            .set("domain", "api")
            .set("attributes", Map.of())
            .set(
                "operation",
                new GenericData.EnumSymbol(newer.getField("operation").schema(), "DOUBLE"))
            .build();

    RequestEvent event =
        Objects.requireNonNull(
            deserializer.deserialize("requests", Samples.wire(id, Samples.avro(newer, record))));

    assertThat(event.getOperation()).isEqualTo(Operation.UNKNOWN);
  }

  @Test
  void theRegistryIsAskedOncePerSchema() {
    int current = registry.register("a", RequestEvent.getClassSchema());
    int old = registry.register("b", Samples.OLDER_REQUEST);
    int before = registry.questions();

    for (int i = 0; i < 5; i++) {
      deserializer.deserialize("requests", current(current));
      deserializer.deserialize("requests", older(old));
    }

    assertThat(registry.questions() - before).isEqualTo(2);
  }

  @Test
  void aKnownSchemaIsReadWhileTheRegistryIsDown() {
    int id = registry.register("requests-value", RequestEvent.getClassSchema());
    deserializer.deserialize("requests", current(id));

    registry.setDown(true);

    assertThat(deserializer.deserialize("requests", current(id))).isNotNull();
  }

  @Test
  void aRegistryThatIsDownIsNoFaultOfTheRecord() {
    int id = registry.register("requests-value", RequestEvent.getClassSchema());
    registry.setDown(true);
    assertThatThrownBy(() -> deserializer.deserialize("requests", current(id)))
        .isInstanceOf(RegistryUnavailableException.class);

    registry.setDown(false);
    assertThat(deserializer.deserialize("requests", current(id))).isNotNull();
  }

  @Test
  void anUnknownIdIsAskedForAgainOnlyAfterAWhile() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> deserializer.deserialize("requests", current(1)))
          .isInstanceOf(UnknownSchemaIdException.class)
          .hasMessageContaining("schema id 1");
    }
    assertThat(registry.questions()).isEqualTo(1);

    registry.register("requests-value", RequestEvent.getClassSchema());
    ticker.passSeconds(1);

    assertThat(deserializer.deserialize("requests", current(1))).isNotNull();
  }

  @Test
  void anIdThatStaysUnknownIsAskedForLessAndLessOften() {
    List<Integer> askedAfterSeconds = new ArrayList<>();
    for (int second = 0; second <= 130; second++) {
      int before = registry.questions();
      assertThatThrownBy(() -> deserializer.deserialize("requests", current(1)))
          .isInstanceOf(UnknownSchemaIdException.class);
      if (registry.questions() > before) {
        askedAfterSeconds.add(second);
      }
      ticker.passSeconds(1);
    }
    assertThat(askedAfterSeconds).containsExactly(0, 1, 3, 7, 15, 31, 61, 91, 121);
  }

  @Test
  void moreUnknownIdsThanAreRememberedDoNoHarm() {
    for (int id = 100; id < 100 + 2 * Readers.MAX_IDS; id++) {
      byte[] bytes = current(id);
      assertThatThrownBy(() -> deserializer.deserialize("requests", bytes))
          .isInstanceOf(UnknownSchemaIdException.class);
    }
    int id = registry.register("requests-value", RequestEvent.getClassSchema());

    assertThat(deserializer.deserialize("requests", current(id))).isNotNull();
  }

  @Test
  void aTombstoneStaysATombstone() {
    assertThat(deserializer.deserialize("requests", null)).isNull();
  }

  @Test
  void bytesThatAreTooShortAreNotInTheFormat() {
    assertThatThrownBy(() -> deserializer.deserialize("requests", new byte[4]))
        .isInstanceOf(NotWireFormatException.class)
        .hasMessage(
            "record on requests has 4 bytes; Confluent's wire format has a zero byte and a 4-byte"
                + " schema id first");
  }

  @Test
  void jsonIsNotInTheFormat() {
    assertThatThrownBy(
            () ->
                deserializer.deserialize("requests", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(NotWireFormatException.class)
        .hasMessage(
            "record on requests begins with byte 0x7b; Confluent's wire format begins with 0x00");
  }

  @Test
  void aSchemaThatLacksWhatIsNeededCannotBeRead() {
    Schema other =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "RequestEvent", "namespace": "io.weir.schemas",
                 "fields": [{"name": "request_id", "type": "string"}]}
                """);
    int id = registry.register("requests-value", other);
    byte[] bytes =
        Samples.wire(
            id,
            Samples.avro(other, new GenericRecordBuilder(other).set("request_id", "r").build()));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> deserializer.deserialize("requests", bytes))
          .isInstanceOf(UnreadableSchemaException.class)
          .hasMessageContaining("schema id 1 (io.weir.schemas.RequestEvent)")
          .hasMessageContaining("cannot be read as RequestEvent")
          .hasMessageContaining("domain");
    }
    assertThat(registry.questions()).isEqualTo(2);
  }

  @Test
  void aSchemaThatIsNoRecordCannotBeRead() {
    int id = registry.register("requests-value", Schema.create(Schema.Type.LONG));

    assertThatThrownBy(() -> deserializer.deserialize("requests", Samples.wire(id, new byte[] {2})))
        .isInstanceOf(UnreadableSchemaException.class)
        .hasMessageContaining("TYPE_MISMATCH");
  }

  @Test
  void bytesThatEndTooEarlyAreCorrupt() {
    int id = registry.register("requests-value", RequestEvent.getClassSchema());
    byte[] whole = current(id);

    for (int length = WireFormat.HEADER_BYTES; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> deserializer.deserialize("requests", cut))
          .isInstanceOf(CorruptAvroException.class)
          .hasMessageStartingWith("record on requests is no Avro of schema id 1");
    }
  }

  @Test
  void bytesThatAreLeftOverAreCorrupt() {
    int id = registry.register("requests-value", RequestEvent.getClassSchema());
    byte[] whole = current(id);

    assertThatThrownBy(
            () -> deserializer.deserialize("requests", Arrays.copyOf(whole, whole.length + 1)))
        .isInstanceOf(CorruptAvroException.class)
        .hasMessageContaining("bytes left over after the RequestEvent of schema id 1");
  }

  @Test
  void aLengthOfGigabytesInAFewBytesIsCorruptAndAllocatesNothing() {
    int id = registry.register("requests-value", RequestEvent.getClassSchema());
    // The length of request_id: 2^31 - 9, zigzag, as Avro writes it.
    byte[] avro = {(byte) 0xee, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 'a'};

    assertThatThrownBy(() -> deserializer.deserialize("requests", Samples.wire(id, avro)))
        .isInstanceOf(CorruptAvroException.class)
        .hasMessageContaining("only 1 bytes are available");
  }

  @Test
  void anArrayOfBillionsInAFewBytesIsCorruptAndAllocatesNothing() {
    var rules = new AvroDeserializer<>(DomainRules.class, registry);
    int id = registry.register("rules-value", DomainRules.getClassSchema());
    // domain "a", no source, then the count of descriptors: 2^31 - 9.
    byte[] avro = {2, 'a', 0, (byte) 0xee, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};

    assertThatThrownBy(() -> rules.deserialize("rules", Samples.wire(id, avro)))
        .isInstanceOf(CorruptAvroException.class);
  }

  @Test
  void aTreeThatIsNestedWithoutEndIsCorruptAndTheThreadLives() {
    var rules = new AvroDeserializer<>(DomainRules.class, registry);
    int id = registry.register("rules-value", DomainRules.getClassSchema());
    ByteArrayOutputStream avro = new ByteArrayOutputStream();
    avro.writeBytes(new byte[] {2, 'a', 0, 2});
    for (int depth = 0; depth < 200_000; depth++) {
      // key "k", no value, no limits, single, six flags, no metadata, one descriptor below.
      avro.writeBytes(new byte[] {2, 'k', 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2});
    }

    assertThatThrownBy(() -> rules.deserialize("rules", Samples.wire(id, avro.toByteArray())))
        .isInstanceOf(CorruptAvroException.class)
        .hasMessageContaining("StackOverflowError");
    assertThat(rules.deserialize("rules", Samples.wire(id, Samples.avro(Samples.rules()))))
        .isEqualTo(Samples.rules());
  }

  private static <T extends SpecificRecord> T roundTrip(AvroSerde<T> serde, T value) {
    String topic = value.getSchema().getName();
    byte[] bytes = serde.serializer().serialize(topic, value);
    return Objects.requireNonNull(serde.deserializer().deserialize(topic, bytes));
  }

  private static byte[] current(int id) {
    return Samples.wire(id, Samples.avro(Samples.request("r-1")));
  }

  private static byte[] older(int id) {
    var record =
        new GenericRecordBuilder(Samples.OLDER_REQUEST)
            .set("request_id", "r-0")
            .set("domain", "api")
            .set("attributes", Map.of("user_id", "42"))
            .build();
    return Samples.wire(id, Samples.avro(Samples.OLDER_REQUEST, record));
  }
}
