package io.weir.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The check that guards the schemas must itself see the mistakes that people make. */
class EvolutionTest {
  private static final String RELEASED =
      """
      {"type": "record", "name": "Event", "fields": [
        {"name": "id", "type": "string"},
        {"name": "cost", "type": "long", "default": 1},
        {"name": "kind", "type": {"type": "enum", "name": "Kind",
            "symbols": ["NONE", "A", "B"], "default": "NONE"}, "default": "A"},
        {"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["LEFT", "RIGHT"]}}
      ]}
      """;

  @Test
  void theSameSchemaIsCompatible() {
    assertThat(problemsAfter("\"name\": \"Event\"", "\"name\": \"Event\"")).isEmpty();
  }

  @Test
  void aNewFieldWithADefaultIsCompatible() {
    assertThat(
            problemsAfter(
                "{\"name\": \"cost\"",
                "{\"name\": \"note\", \"type\": [\"null\", \"string\"], \"default\": null},"
                    + " {\"name\": \"cost\""))
        .isEmpty();
  }

  @Test
  void aNewSymbolOfAnEnumThatHasADefaultIsCompatible() {
    assertThat(problemsAfter("\"A\", \"B\"]", "\"A\", \"B\", \"C\"]")).isEmpty();
  }

  @Test
  void aNewFieldWithoutADefaultIsFound() {
    assertThat(
            problemsAfter(
                "{\"name\": \"cost\"",
                "{\"name\": \"note\", \"type\": \"string\"}, {\"name\": \"cost\""))
        .singleElement()
        .asString()
        .startsWith("the current schema cannot read released records")
        .contains("READER_FIELD_MISSING_DEFAULT_VALUE", "note");
  }

  @Test
  void aDefaultRemovedFromAFieldThatIsNewSinceTheReleaseIsFound() {
    Schema before =
        schema(RELEASED.replace("{\"name\": \"cost\", \"type\": \"long\", \"default\": 1},", ""));
    Schema withDefault = schema(RELEASED);
    Schema without = schema(RELEASED.replace("\"long\", \"default\": 1", "\"long\""));

    assertThat(Evolution.problems(before, withDefault)).isEmpty();
    assertThat(Evolution.problems(before, without))
        .singleElement()
        .asString()
        .contains("READER_FIELD_MISSING_DEFAULT_VALUE", "cost");
  }

  @Test
  void aChangedTypeIsFoundInBothDirections() {
    assertThat(problemsAfter("\"id\", \"type\": \"string\"", "\"id\", \"type\": \"long\""))
        .hasSize(2)
        .allSatisfy(problem -> assertThat(problem).contains("TYPE_MISMATCH", "/fields/0/type"));
  }

  @Test
  void aRemovedFieldThatOldReadersNeedIsFound() {
    assertThat(problemsAfter("{\"name\": \"id\", \"type\": \"string\"},", ""))
        .singleElement()
        .asString()
        .startsWith("readers of the release cannot read current records")
        .contains("READER_FIELD_MISSING_DEFAULT_VALUE", "id");
  }

  @Test
  void aRenamedFieldIsFound() {
    assertThat(problemsAfter("\"name\": \"id\"", "\"name\": \"request\"")).hasSize(2);
  }

  @Test
  void aNewSymbolThatOldReadersHaveNoDefaultForIsFound() {
    assertThat(problemsAfter("\"LEFT\", \"RIGHT\"]", "\"LEFT\", \"RIGHT\", \"UP\"]"))
        .singleElement()
        .asString()
        .contains("MISSING_ENUM_SYMBOLS", "UP");
  }

  @Test
  void aWidenedNumberIsFoundBecauseOldReadersCannotNarrowIt() {
    Schema released = schema(RELEASED.replace("\"long\"", "\"int\""));

    assertThat(Evolution.problems(released, schema(RELEASED)))
        .singleElement()
        .asString()
        .startsWith("readers of the release cannot read current records");
  }

  private static List<String> problemsAfter(String old, String replacement) {
    assertThat(RELEASED).contains(old);
    return Evolution.problems(schema(RELEASED), schema(RELEASED.replace(old, replacement)));
  }

  private static Schema schema(String json) {
    return new Schema.Parser().parse(json);
  }
}
