package io.weir.streams.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.docs.DocsPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A configuration that a page shows, and what is changed in it to run here. A change of what the
 * page does not show fails.
 */
record ShownConfiguration(String text) {

  /** The block of a page that begins so. */
  static ShownConfiguration of(String page, String beginning) {
    return new ShownConfiguration(DocsPage.block(page, "", beginning));
  }

  /** The same, with something else in the place of what is shown. */
  ShownConfiguration with(String shown, Object here) {
    assertThat(text).contains(shown);
    return new ShownConfiguration(text.replace(shown, here.toString()));
  }

  /** The same, without what is shown from one text up to another. */
  ShownConfiguration without(String from, String upTo) {
    assertThat(text).containsSubsequence(from, upTo);
    int start = text.indexOf(from);
    return new ShownConfiguration(
        text.substring(0, start) + text.substring(text.indexOf(upTo, start)));
  }

  /** The same between other lines. */
  ShownConfiguration within(String before, String after) {
    return new ShownConfiguration(before + text + after);
  }

  /** Writes it for the proxy to read. */
  Path write(Path file) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
