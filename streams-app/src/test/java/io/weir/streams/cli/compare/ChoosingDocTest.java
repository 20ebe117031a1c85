package io.weir.streams.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.cli.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/choosing.md shows is what {@code ./weir compare} says now. */
class ChoosingDocTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path PICTURES = DOCS.resolve("images/compare");

  private final Path plots;
  private final String text;

  ChoosingDocTest(@TempDir Path directory) throws Exception {
    this.plots = directory;
    this.text = Files.readString(DOCS.resolve("choosing.md"));
  }

  @Test
  void eachPictureIsWhatIsDrawnNowAndIsShown() throws Exception {
    compare("steady", "burst", "spike", "on-off");
    List<Path> pictures;
    try (Stream<Path> files = Files.list(PICTURES)) {
      pictures = files.toList();
    }
    assertThat(pictures).hasSizeGreaterThan(3);
    for (Path picture : pictures) {
      String name = picture.getFileName().toString();
      assertThat(text).contains("](images/compare/" + name + ")");
      assertThat(Files.readString(picture))
          .as("%s, anew: ./weir compare --plots DIRECTORY", picture)
          .isEqualTo(Files.readString(plots.resolve(name)));
    }
  }

  @Test
  void theTableOfTheSpikeHasItsNumbers() throws Exception {
    for (JsonNode result : compare("spike").path("comparisons").path(0).path("results")) {
      String row = "| `" + result.path("contender").asText() + "` |";
      assertThat(text.lines().filter(line -> line.startsWith(row)).map(ChoosingDocTest::plain))
          .singleElement()
          .satisfies(
              cells ->
                  assertThat(List.of(cells.get(2), cells.get(3), cells.get(5)))
                      .containsExactly(
                          result.path("admitted").asText(),
                          result.path("worst").path("tokens").asText(),
                          result.path("memory").path("largest_bytes").asText() + " bytes"));
    }
  }

  /** The cells without emphasis, the first word of what was admitted of how many. */
  private static List<String> plain(String line) {
    return Stream.of(line.split("\\|", -1))
        .map(cell -> cell.replace("*", "").replaceAll(" of .*", "").strip())
        .toList();
  }

  private JsonNode compare(String... traffic) throws Exception {
    Stream<String> arguments =
        Stream.concat(
            Stream.of("compare", "--json", "--plots", plots.toString()), Stream.of(traffic));
    Commands.Result result = Commands.in(Map.of()).run(arguments.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return new ObjectMapper().readTree(result.out());
  }
}
