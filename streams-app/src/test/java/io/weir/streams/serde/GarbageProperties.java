package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.DomainRules;
import io.weir.schemas.RequestEvent;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Whatever the bytes are, there is a record or an exception that sends them to the dead letters.
 */
class GarbageProperties {
  private final SchemaRegistryClient registry = new InProcessSchemaRegistryClient();
  private final int requestId = registry.register("requests-value", RequestEvent.getClassSchema());
  private final int rulesId = registry.register("rules-value", DomainRules.getClassSchema());
  private final Deserializer<RequestEvent> requests =
      new AvroDeserializer<>(RequestEvent.class, registry);
  private final Deserializer<DomainRules> rules =
      new AvroDeserializer<>(DomainRules.class, registry);

  @Property
  void anyBytes(@ForAll @Size(max = 60) byte[] bytes) {
    assertReadOrUndecodable(requests, bytes);
  }

  @Property
  void anyAvroBehindAGoodHeader(@ForAll @Size(max = 60) byte[] avro) {
    assertReadOrUndecodable(requests, Samples.wire(requestId, avro));
    assertReadOrUndecodable(rules, Samples.wire(rulesId, avro));
  }

  @Property
  void flippedBytesOfAGoodRecord(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int flips) {
    Random random = new Random(seed);
    byte[] avro = Samples.avro(Samples.rules());
    for (int i = 0; i < flips; i++) {
      avro[random.nextInt(avro.length)] = (byte) random.nextInt();
    }
    assertReadOrUndecodable(rules, Samples.wire(rulesId, avro));
  }

  private static void assertReadOrUndecodable(Deserializer<?> deserializer, byte[] bytes) {
    try {
      assertThat(deserializer.deserialize("topic", bytes)).isNotNull();
    } catch (SerializationException e) {
      assertThat(e).isInstanceOf(UndecodableRecordException.class);
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
