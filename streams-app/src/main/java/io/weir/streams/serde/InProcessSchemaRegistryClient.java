package io.weir.streams.serde;

import io.weir.streams.serde.RegistryRefusedException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * A registry in memory, for tests and for trying out: the serdes that are made over one instance
 * share its schemas, and two instances know nothing of each other. As a real one does, it gives the
 * same schema the same id, and takes a new version only if it can read the newest. Thread-safe.
 */
public final class InProcessSchemaRegistryClient implements SchemaRegistryClient {
  private final List<Schema> schemas = new ArrayList<>();
  private final Map<String, List<Integer>> idsBySubject = new HashMap<>();

  /** An empty registry. */
  public InProcessSchemaRegistryClient() {}

  @Override
  public synchronized int register(String subject, Schema schema) {
    List<Integer> ids = idsBySubject.computeIfAbsent(subject, s -> new ArrayList<>());
    int known = schemas.indexOf(schema) + 1;
    if (known > 0 && ids.contains(known)) {
      return known;
    }
    if (!isCompatible(subject, schema)) {
      throw new RegistryRefusedException(
          Reason.INCOMPATIBLE,
          "registering "
              + schema.getFullName()
              + " under "
              + subject
              + " failed: it cannot read what the newest version writes");
    }
    int id = known;
    if (id == 0) {
      schemas.add(schema);
      id = schemas.size();
    }
    ids.add(id);
    return id;
  }

  @Override
  public synchronized int idOf(String subject, Schema schema) {
    int id = schemas.indexOf(schema) + 1;
    if (id == 0 || !idsBySubject.getOrDefault(subject, List.of()).contains(id)) {
      throw new RegistryRefusedException(
          Reason.NOT_REGISTERED, schema.getFullName() + " is not registered under " + subject);
    }
    return id;
  }

  @Override
  public synchronized Schema schemaOf(int id) {
    if (id < 1 || id > schemas.size()) {
      throw new UnknownSchemaIdException("schema id " + id + " is unknown to the registry");
    }
    return schemas.get(id - 1);
  }

  @Override
  public synchronized boolean isCompatible(String subject, Schema schema) {
    List<Integer> ids = idsBySubject.getOrDefault(subject, List.of());
    return ids.isEmpty()
        || SchemaCompatibility.checkReaderWriterCompatibility(
                    schema, schemaOf(ids.get(ids.size() - 1)))
                .getType()
            == SchemaCompatibilityType.COMPATIBLE;
  }
}
