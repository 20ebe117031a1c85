package io.weir.streams.cli.rules;

import java.util.List;
import picocli.CommandLine.Parameters;

/** Which files are meant. */
final class RulesOptions {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Rules in YAML, as envoyproxy/ratelimit reads them; - is standard input.")
  private List<String> files = List.of();

  List<String> files() {
    return files;
  }
}
