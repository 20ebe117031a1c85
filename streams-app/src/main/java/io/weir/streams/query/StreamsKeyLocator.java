package io.weir.streams.query;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Finds owners in what Kafka Streams knows of its group. The partition comes from Kafka's default
 * partitioner over the identifier's UTF-8 bytes, as it does for the records themselves.
 */
public final class StreamsKeyLocator implements KeyLocator {
  private final Supplier<Optional<KafkaStreams>> streams;
  private final String storeName;
  private final Supplier<HostInfo> self;
  private final Serializer<String> serializer = new StringSerializer();

  /**
   * A locator for the keys of a store.
   *
   * @param streams the running client; empty before it is made
   * @param storeName the store that is keyed by identifier
   * @param self the {@code application.server} of this instance, which is known once it runs
   */
  public StreamsKeyLocator(
      Supplier<Optional<KafkaStreams>> streams, String storeName, Supplier<HostInfo> self) {
    this.streams = streams;
    this.storeName = storeName;
    this.self = self;
  }

  @Override
  public Location locate(String identifier) {
    Optional<KafkaStreams> client = streams.get();
    if (client.isEmpty()) {
      return unknown(identifier);
    }
    KeyQueryMetadata metadata;
    try {
      metadata = client.get().queryMetadataForKey(storeName, identifier, serializer);
    } catch (IllegalStateException notRunning) {
      // It may stop, or fail, between any check of its state and this call.
      return unknown(identifier);
    }
    // Null is Kafka's word for "no such topic known", the sentinels are for "not known right now".
    if (metadata == null
        || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)
        || metadata.activeHost().equals(HostInfo.unavailable())) {
      return unknown(identifier);
    }
    return metadata.activeHost().equals(self.get())
        ? new Location.Here(metadata.partition())
        : new Location.There(metadata.activeHost());
  }

  private static Location unknown(String identifier) {
    return new Location.Unknown("no instance is known to hold the state of " + identifier + " now");
  }
}
