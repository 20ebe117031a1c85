package io.weir.streams.serde;

import org.apache.avro.Schema;

/**
 * What the serdes need of a schema registry. Implementations are thread-safe; they may wait for a
 * registry that is down, and end the wait when the thread is interrupted.
 *
 * <p>Every method throws {@link RegistryUnavailableException} when the registry cannot be reached
 * for as long as the settings allow, {@link RegistryRefusedException} when it refuses, and Kafka's
 * {@code InterruptException} when the thread is interrupted while it waits.
 */
public interface SchemaRegistryClient {

  /**
   * Registers a schema under a subject. The same schema again gives the same id.
   *
   * @return the schema's id
   */
  int register(String subject, Schema schema);

  /**
   * The id of a schema that is registered under a subject already; a schema that is not is refused.
   */
  int idOf(String subject, Schema schema);

  /**
   * The schema of an id.
   *
   * @throws UnknownSchemaIdException if the registry has none
   * @throws UnreadableSchemaException if it has one that is not Avro
   */
  Schema schemaOf(int id);

  /** Whether the registry would take the schema as the subject's next version. */
  boolean isCompatible(String subject, Schema schema);
}
