package io.weir.streams.serde;

import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Weir's own serdes over one registry. */
record OwnAvroSerdes(SchemaRegistryClient registry, boolean autoRegister) implements AvroSerdes {

  static OwnAvroSerdes by(SerdeConfig config, StopSignal stop) {
    long inProcess = config.registryUrls().stream().filter(RegistryUrl::isInProcess).count();
    if (inProcess == 0) {
      return new OwnAvroSerdes(new HttpSchemaRegistryClient(config, stop), config.autoRegister());
    }
    if (inProcess < config.registryUrls().size()) {
      throw new ConfigException(
          SerdeConfig.URL + " mixes mock:// with real addresses; it must be one or the other");
    }
    return new OwnAvroSerdes(new InProcessSchemaRegistryClient(), config.autoRegister());
  }

  @Override
  public <T extends SpecificRecord> Serde<T> forValues(Class<T> type) {
    return new AvroSerde<>(type, registry, autoRegister);
  }

  @Override
  public <V, T extends SpecificRecord> Serializer<V> forWriting(
      Class<T> type, ValueWriter<V> writer, Function<V, T> toRecord) {
    Schema schema = SpecificData.getForClass(type).getSchema(type);
    return new AvroSerializer<>(schema, writer, registry, autoRegister);
  }
}
