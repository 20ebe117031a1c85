package io.weir.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the schemas to docs/schemas.md. */
class SchemaEvolutionTest {

  @TestFactory
  Stream<DynamicTest> currentAndReleasedVersionsReadEachOther() {
    return Contracts.all().stream()
        .map(
            current ->
                DynamicTest.dynamicTest(
                    current.getName(),
                    () -> {
                      List<ReleasedSchemas.Version> released =
                          ReleasedSchemas.of(current.getName());
                      assertThat(released).as("released versions").isNotEmpty();
                      for (ReleasedSchemas.Version version : released) {
                        assertThat(Evolution.problems(version.schema(), current))
                            .as("%s against the current schema", version.path())
                            .isEmpty();
                      }
                    }));
  }

  @Test
  void everySchemaFileIsUnderThisTest() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src", "main", "avro"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Contracts.all().stream().map(Schema::getName).map(n -> n + ".avsc").toList());
    }
  }

  @Test
  void releasedFilesAreNeverChanged() throws IOException {
    assertThat(ReleasedSchemas.checksums())
        .as("a released schema is history: add the next version instead of editing one")
        .isEqualTo(ReleasedSchemas.notedChecksums());
  }

  @Test
  void releasedVersionsAreNumberedWithoutGaps() throws IOException {
    List<String> found =
        Contracts.all().stream()
            .flatMap(SchemaEvolutionTest::releasedOf)
            .map(ReleasedSchemas.Version::path)
            .sorted()
            .toList();

    assertThat(ReleasedSchemas.checksums().keySet()).containsExactlyElementsOf(found);
  }

  private static Stream<ReleasedSchemas.Version> releasedOf(Schema current) {
    try {
      return ReleasedSchemas.of(current.getName()).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
