package io.weir.streams.app;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's clients, of which the one that reads the rules can be woken: the start of Kafka Streams
 * waits for it, and it for brokers, for as long as there are none. Thread-safe.
 */
final class WakeableClients implements KafkaClientSupplier {
  private final KafkaClientSupplier clients;
  private volatile Optional<Consumer<byte[], byte[]>> rulesReader = Optional.empty();

  /** The clients that another supplier makes. */
  WakeableClients(KafkaClientSupplier clients) {
    this.clients = clients;
  }

  /** Makes the wait of the client that reads the rules fail: the present one, else the next. */
  void wakeRulesReader() {
    rulesReader.ifPresent(Consumer::wakeup);
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return clients.getAdmin(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return clients.getProducer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return clients.getConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return clients.getRestoreConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    Consumer<byte[], byte[]> made = clients.getGlobalConsumer(config);
    rulesReader = Optional.of(made);
    return made;
  }
}
