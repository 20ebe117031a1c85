package io.weir.streams.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a page of the documents shows. */
public final class DocsPage {
  private DocsPage() {}

  /**
   * The block of a page, as it stands there.
   *
   * @param page the file, such as {@code envoy.md}
   * @param language what is written beside the fence; empty for a block without
   * @param beginning how the block begins
   */
  public static String block(String page, String language, String beginning) {
    Pattern block =
        Pattern.compile(
            "^```" + language + "\\n(" + Pattern.quote(beginning) + ".*?)^```$",
            Pattern.DOTALL | Pattern.MULTILINE);
    try {
      Matcher found = block.matcher(Files.readString(Path.of("..", "docs", page)));
      assertThat(found.find()).as(page + " has a block that begins with " + beginning).isTrue();
      return found.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
