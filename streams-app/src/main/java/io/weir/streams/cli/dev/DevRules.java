package io.weir.streams.cli.dev;

import io.weir.limiter.rule.LoadedRules;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.rules.RulesFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules that {@code weir dev} puts in force.
 *
 * @param source where they come from, for people
 * @param loaded the rules, and what is odd about them
 */
record DevRules(String source, LoadedRules loaded) {
  private static final String EXAMPLE = "rules.yaml";

  /**
   * The rules of a file, read as {@code weir rules apply} reads it, or those of
   * docs/examples/rules.yaml, which the jar holds.
   *
   * @param input what the file {@code -} stands for
   * @throws io.weir.streams.cli.CommandFailure if they make no sense; the message has a line for
   *     each mistake
   */
  static DevRules read(Optional<Path> file, InputStream input) {
    RulesReader reader = RulesReader.standard();
    return file.map(Path::toString)
        .map(name -> new DevRules(name, RulesFiles.read(reader, List.of(name), input)))
        .orElseGet(() -> example(reader));
  }

  private static DevRules example(RulesReader reader) {
    try (@Nullable InputStream in = DevRules.class.getResourceAsStream(EXAMPLE)) {
      if (in == null) {
        throw new IllegalStateException(EXAMPLE + " is missing from the jar of Weir");
      }
      RulesFile file =
          new RulesFile(
              "docs/examples/" + EXAMPLE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      return new DevRules(file.name(), reader.read(List.of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("the rules in the jar of Weir cannot be read", e);
    }
  }
}
