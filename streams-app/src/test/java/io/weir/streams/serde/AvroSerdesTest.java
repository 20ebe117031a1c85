package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.Decision;
import io.weir.schemas.RequestEvent;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

class AvroSerdesTest {
  private static final Map<String, String> IN_PROCESS = Map.of(SerdeConfig.URL, "mock://test");

  @Test
  void theDefaultIsWeirsOwn() {
    assertThat(AvroSerde.class.getName()).isEqualTo(AvroSerdes.DEFAULT_CLASS);
    assertThat(AvroSerdes.by(IN_PROCESS).forValues(RequestEvent.class))
        .isInstanceOf(AvroSerde.class);
  }

  @Test
  void serdesOfOneInstanceShareTheRegistryInProcess() {
    AvroSerdes serdes = AvroSerdes.by(IN_PROCESS);
    byte[] bytes =
        serdes.forValues(RequestEvent.class).serializer().serialize("t", Samples.request("r-1"));

    assertThat(serdes.forValues(RequestEvent.class).deserializer().deserialize("t", bytes))
        .isEqualTo(Samples.request("r-1"));
    Deserializer<RequestEvent> stranger =
        AvroSerdes.by(IN_PROCESS).forValues(RequestEvent.class).deserializer();
    assertThatThrownBy(() -> stranger.deserialize("t", bytes))
        .isInstanceOf(UnknownSchemaIdException.class);
  }

  @Test
  void aRegistryThatIsHandedInIsShared() {
    var registry = new InProcessSchemaRegistryClient();
    byte[] bytes =
        AvroSerdes.over(registry)
            .forValues(RequestEvent.class)
            .serializer()
            .serialize("t", Samples.request("r-1"));

    assertThat(
            AvroSerdes.over(registry)
                .forValues(RequestEvent.class)
                .deserializer()
                .deserialize("t", bytes))
        .isEqualTo(Samples.request("r-1"));
  }

  @Test
  void theRegistryInProcessTakesOnlyWhatCanReadTheNewestVersion() {
    var registry = new InProcessSchemaRegistryClient();
    int old = registry.register("t-value", Samples.OLDER_REQUEST);
    int current = registry.register("t-value", RequestEvent.getClassSchema());
    assertThat(registry.register("t-value", Samples.OLDER_REQUEST)).isEqualTo(old);
    assertThat(registry.register("t2-value", RequestEvent.getClassSchema())).isEqualTo(current);

    assertThatThrownBy(() -> registry.register("t-value", Decision.getClassSchema()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("t-value");
  }

  @Test
  void anotherClassIsMadeAndConfiguredForValues() {
    Serde<RequestEvent> serde =
        AvroSerdes.by(Foreign.class.getName(), Map.of(SerdeConfig.URL, "http://registry"))
            .forValues(RequestEvent.class);

    assertThat(serde)
        .isInstanceOfSatisfying(
            Foreign.class,
            foreign -> {
              assertThat(foreign.isKey).isFalse();
              assertThat(foreign.config)
                  .isEqualTo(
                      Map.of(
                          SerdeConfig.URL,
                          "http://registry",
                          "specific.avro.reader",
                          true,
                          "avro.remove.java.properties",
                          true));
            });
  }

  @Test
  void aClassThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> AvroSerdes.by("io.confluent.Missing", IN_PROCESS))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "the serde class io.confluent.Missing is not on the classpath; name its jar in the"
                + " environment variable WEIR_CLASSPATH, or leave the setting out");
  }

  @Test
  void aClassThatIsNoSerdeIsRefused() {
    assertThatThrownBy(() -> AvroSerdes.by(String.class.getName(), IN_PROCESS))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("does not implement org.apache.kafka.common.serialization.Serde");
  }

  @Test
  void aClassThatCannotBeMadeIsRefused() {
    AvroSerdes serdes = AvroSerdes.by(Hidden.class.getName(), IN_PROCESS);

    assertThatThrownBy(() -> serdes.forValues(RequestEvent.class))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("public constructor without parameters");
  }

  @Test
  void realAndInProcessAddressesDoNotMix() {
    assertThatThrownBy(
            () -> AvroSerdes.by(Map.of(SerdeConfig.URL, "mock://a,http://registry:8081")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mixes mock:// with real addresses");
  }

  /** Stands for a serde that somebody else has written. */
  public static class Foreign implements Serde<byte[]> {
    private Map<String, ?> config = Map.of();
    private boolean isKey = true;

    /** For reflection. */
    public Foreign() {}

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
      this.config = configs;
      this.isKey = isKey;
    }

    @Override
    public Serializer<byte[]> serializer() {
      return Serdes.ByteArray().serializer();
    }

    @Override
    public Deserializer<byte[]> deserializer() {
      return Serdes.ByteArray().deserializer();
    }
  }

  /** Has no public constructor. */
  static final class Hidden extends Foreign {
    private Hidden() {}
  }
}
