package io.weir.streams.real;

import io.weir.schemas.Decision;
import io.weir.schemas.DomainRules;
import io.weir.schemas.LimitCheck;
import io.weir.schemas.RequestEvent;
import io.weir.streams.serde.AvroSerdes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * For the setting {@code serde.class}: Weir's own serde, which fails to write the decision of a
 * request {@code fails-2} twice, of a request {@code fails-3} three times, and so on. At that
 * moment the request has been charged, and the thread fails.
 */
public final class FailingSerde implements Serde<SpecificRecord> {
  private static final String FAILS = "fails-";

  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private AvroSerdes own = AvroSerdes.by(Map.of("schema.registry.url", "mock://none"));

  /** A serde to be configured. */
  public FailingSerde() {}

  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    own = AvroSerdes.by(config);
  }

  @Override
  public Serializer<SpecificRecord> serializer() {
    return (topic, value) -> {
      if (value instanceof Decision decision && failsNow(decision.getRequestId())) {
        throw new IllegalStateException("no bytes for " + decision.getRequestId());
      }
      return serialize(topic, value);
    };
  }

  @Override
  public Deserializer<SpecificRecord> deserializer() {
    return (topic, bytes) -> own.forValues(typeOn(topic)).deserializer().deserialize(topic, bytes);
  }

  private boolean failsNow(String requestId) {
    return requestId.startsWith(FAILS)
        && failures.merge(requestId, 1, Integer::sum)
            <= Integer.parseInt(requestId.substring(FAILS.length()));
  }

  @SuppressWarnings("unchecked") // Of the value's own class.
  private byte[] serialize(String topic, SpecificRecord value) {
    Class<SpecificRecord> type = (Class<SpecificRecord>) value.getClass();
    return own.forValues(type).serializer().serialize(topic, value);
  }

  private static Class<? extends SpecificRecord> typeOn(String topic) {
    if (topic.endsWith(".requests")) {
      return RequestEvent.class;
    }
    if (topic.endsWith(".rules")) {
      return DomainRules.class;
    }
    return topic.endsWith(".decisions") ? Decision.class : LimitCheck.class;
  }
}
