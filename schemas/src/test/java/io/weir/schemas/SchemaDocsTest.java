package io.weir.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A schema is read by people who have nothing else: each part of it says what it is. */
class SchemaDocsTest {

  @TestFactory
  Stream<DynamicTest> everyRecordFieldAndEnumSaysWhatItIs() {
    return Contracts.all().stream()
        .map(
            schema ->
                DynamicTest.dynamicTest(
                    schema.getName(), () -> assertThat(undocumented(schema)).isEmpty()));
  }

  @Test
  void aMissingDocIsFoundWhereverItIs() {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Outer", "doc": "Outer.", "fields": [
                  {"name": "list", "doc": "List.", "type": {"type": "array", "items":
                    {"type": "record", "name": "Inner", "fields": [
                      {"name": "self", "doc": " ", "type": ["null", "Inner"]}]}}},
                  {"name": "map", "doc": "Map.", "type": {"type": "map", "values":
                    {"type": "enum", "name": "Kind", "symbols": ["A"]}}}
                ]}
                """);

    assertThat(undocumented(schema)).containsExactly("Inner", "Inner.self", "Kind");
  }

  private static List<String> undocumented(Schema schema) {
    List<String> found = new ArrayList<>();
    collect(schema, new TreeSet<>(), found);
    return found;
  }

  private static void collect(Schema schema, Set<String> seen, List<String> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          noteIfBlank(schema.getDoc(), schema.getName(), found);
          for (Schema.Field field : schema.getFields()) {
            noteIfBlank(field.doc(), schema.getName() + "." + field.name(), found);
            collect(field.schema(), seen, found);
          }
        }
      }
      case ENUM -> {
        if (seen.add(schema.getFullName())) {
          noteIfBlank(schema.getDoc(), schema.getName(), found);
        }
      }
      case ARRAY -> collect(schema.getElementType(), seen, found);
      case MAP -> collect(schema.getValueType(), seen, found);
      case UNION -> schema.getTypes().forEach(type -> collect(type, seen, found));
      default -> {}
    }
  }

  private static void noteIfBlank(@Nullable String doc, String name, List<String> found) {
    if (doc == null || doc.isBlank()) {
      found.add(name);
    }
  }
}
