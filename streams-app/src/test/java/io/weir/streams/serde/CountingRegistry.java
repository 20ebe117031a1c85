package io.weir.streams.serde;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;

/** Counts the questions that reach a registry, and can be out of reach. */
final class CountingRegistry implements SchemaRegistryClient {
  private final SchemaRegistryClient registry = new InProcessSchemaRegistryClient();
  private final AtomicInteger questions = new AtomicInteger();
  private volatile boolean down;

  int questions() {
    return questions.get();
  }

  void setDown(boolean isDown) {
    down = isDown;
  }

  @Override
  public int register(String subject, Schema schema) {
    return asked().register(subject, schema);
  }

  @Override
  public int idOf(String subject, Schema schema) {
    return asked().idOf(subject, schema);
  }

  @Override
  public Schema schemaOf(int id) {
    return asked().schemaOf(id);
  }

  @Override
  public boolean isCompatible(String subject, Schema schema) {
    return asked().isCompatible(subject, schema);
  }

  private SchemaRegistryClient asked() {
    questions.incrementAndGet();
    if (down) {
      throw new RegistryUnavailableException("down");
    }
    return registry;
  }
}
