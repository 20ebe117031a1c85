package io.weir.schemas;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/**
 * Finds what stands between two versions of a schema. Both directions count: while an upgrade
 * rolls, new readers meet old records, and old readers (the instances still to be upgraded, and
 * everybody who reads decisions) meet new ones.
 */
final class Evolution {
  private Evolution() {}

  /** One sentence for each reason why records of the two versions cannot be exchanged. */
  static List<String> problems(Schema released, Schema current) {
    return Stream.concat(
            problem("the current schema cannot read released records", current, released).stream(),
            problem("readers of the release cannot read current records", released, current)
                .stream())
        .toList();
  }

  private static Optional<String> problem(String what, Schema reader, Schema writer) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
    if (result.getIncompatibilities().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        what
            + ": "
            + String.join(
                "; ", result.getIncompatibilities().stream().map(Evolution::say).toList()));
  }

  private static String say(Incompatibility incompatibility) {
    return incompatibility.getType()
        + " at "
        + incompatibility.getLocation()
        + " ("
        + incompatibility.getMessage()
        + ")";
  }
}
