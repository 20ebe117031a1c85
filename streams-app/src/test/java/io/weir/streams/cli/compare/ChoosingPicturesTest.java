package io.weir.streams.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pictures of docs/choosing.md are what {@code ./weir compare --plots} draws now. */
class ChoosingPicturesTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path PICTURES = DOCS.resolve("images/compare");

  @Test
  void eachIsWhatIsDrawnNowAndIsShown(@TempDir Path plots) throws Exception {
    Commands.Result result =
        Commands.in(Map.of()).run("compare", "--json", "--plots", plots.toString());
    assertThat(result.code()).as(result.err()).isZero();
    String text = Files.readString(DOCS.resolve("choosing.md"));
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
}
