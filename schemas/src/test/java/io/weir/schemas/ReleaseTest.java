package io.weir.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Writes released versions; docs/schemas.md tells when. */
class ReleaseTest {
  private static final SchemaFormatter PRETTY = SchemaFormatter.getInstance("json/pretty");

  /** With {@code next} beside the newest released version, with {@code replace} instead of it. */
  @Test
  @EnabledIfSystemProperty(named = "weir.schemas.release", matches = "next|replace")
  void writesEachSchemaThatDiffersFromItsNewestReleasedVersion() throws IOException {
    boolean replace = System.getProperty("weir.schemas.release").equals("replace");
    for (Schema schema : Contracts.all()) {
      List<ReleasedSchemas.Version> released = ReleasedSchemas.of(schema.getName());
      String current = asWritten(schema);
      if (released.isEmpty()) {
        ReleasedSchemas.write(schema.getName(), 1, current);
      } else if (!current.equals(PRETTY.format(newest(released)))) {
        int version = replace ? released.size() : released.size() + 1;
        ReleasedSchemas.write(schema.getName(), version, current);
      }
    }
    ReleasedSchemas.noteChecksums();
    assertThat(ReleasedSchemas.checksums()).isEqualTo(ReleasedSchemas.notedChecksums());
  }

  private static Schema newest(List<ReleasedSchemas.Version> released) {
    return released.get(released.size() - 1).schema();
  }

  /** With the types of other files in it, and without what generated classes add. */
  private static String asWritten(Schema schema) {
    String json = schema.toString().replace(",\"avro.java.string\":\"String\"", "");
    return PRETTY.format(new Schema.Parser().parse(json));
  }
}
