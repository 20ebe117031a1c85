package io.weir.schemas.avro;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes.LogicalTypeFactory;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro that the classes generated from Weir's schemas may be made from a schema.
 *
 * <p>Avro loads a class that a schema names only if it is trusted; from 1.12.2 on that holds for
 * generated classes too, whose builders otherwise fail at the first enum with a default. The way
 * out that Avro offers is a system property on each program that reads or writes our topics.
 * Service files are what Avro reads by itself when it meets its first schema, and this one is there
 * for that: the logical type it defines is never used. It adds one package of plain records to what
 * is trusted already, and nothing else.
 */
public final class GeneratedClassesTrust implements LogicalTypeFactory {
  private static final String GENERATED = "io.weir.schemas";

  /** Called by {@link java.util.ServiceLoader}. */
  public GeneratedClassesTrust() {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), c -> c.getPackageName().equals(GENERATED)));
  }

  @Override
  public String getTypeName() {
    return GENERATED;
  }

  @Override
  public LogicalType fromSchema(Schema schema) {
    return new LogicalType(GENERATED);
  }
}
