package io.weir.streams.cli.dev;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.CommandFailure;
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
 * @param domains the rules
 */
record DevRules(String source, List<DomainRules> domains) {
  private static final String EXAMPLE = "rules.yaml";

  /** Copies the list. */
  DevRules {
    domains = List.copyOf(domains);
  }

  /**
   * The rules of a file, or of docs/examples/rules.yaml, which the jar holds.
   *
   * @throws CommandFailure if they make no sense; the message has a line for each mistake
   */
  static DevRules read(Optional<Path> file) {
    RulesFile rules = file.map(DevRules::open).orElseGet(DevRules::example);
    try {
      return new DevRules(rules.name(), RulesReader.standard().read(List.of(rules)).domains());
    } catch (RulesException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static RulesFile open(Path file) {
    try {
      return RulesFile.of(file);
    } catch (RulesException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static RulesFile example() {
    try (@Nullable InputStream in = DevRules.class.getResourceAsStream(EXAMPLE)) {
      if (in == null) {
        throw new IllegalStateException(EXAMPLE + " is missing from the jar of Weir");
      }
      return new RulesFile(
          "docs/examples/" + EXAMPLE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the rules in the jar of Weir cannot be read", e);
    }
  }
}
