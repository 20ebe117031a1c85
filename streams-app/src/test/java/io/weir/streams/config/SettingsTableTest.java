package io.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With {@code -Dweir.golden.write=true} the page is written anew instead of compared. */
class SettingsTableTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path PAGE = DOCS.resolve("settings.md");
  private static final String BEGIN =
      "<!-- Written by SettingsTableTest from WeirSettings. Do not edit by hand. -->\n\n";
  private static final String END = "\n<!-- End of the written part. -->\n";

  @Test
  void thePageOfTheSettingsIsCurrent() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(end).as("place of the table in docs/settings.md").isGreaterThan(begin);

    if (Boolean.getBoolean("weir.golden.write")) {
      Files.writeString(
          PAGE, page.substring(0, begin) + SettingsTable.markdown() + page.substring(end));
      return;
    }
    assertThat(page.substring(begin, end))
        .as("the table in docs/settings.md; -Dweir.golden.write=true writes it")
        .isEqualTo(SettingsTable.markdown());
  }

  @Test
  void theExampleFileIsValidAndFreeOfWarnings() {
    Settings settings =
        SettingsLoader.load(
            Optional.of(DOCS.resolve("examples").resolve("weir.yml")), Map.of(), Map.of());

    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.get(WeirSettings.THREADS)).isEqualTo(4);
  }
}
