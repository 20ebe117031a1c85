package io.weir.streams.cli.rules;

import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.rule.LoadedRules;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.config.FileFaults;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.rules.RulesDocuments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Rules from the files of a command line. */
public final class RulesFiles {
  private static final String STANDARD_INPUT = "standard input";

  private RulesFiles() {}

  /**
   * Reads all files.
   *
   * @param names the files; {@code -} is standard input
   * @throws CommandFailure if they make no sense; the message has a line for each mistake
   */
  public static LoadedRules read(RulesReader reader, List<String> names, InputStream input) {
    List<RulesFile> files = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<RuntimeException> causes = new ArrayList<>();
    for (String name : names) {
      try {
        files.add(open(name, input));
      } catch (RulesException | CommandFailure e) {
        problems.add(String.valueOf(e.getMessage()));
        causes.add(e);
      }
    }
    try {
      LoadedRules loaded = RulesDocuments.read(reader, files);
      if (problems.isEmpty()) {
        return loaded;
      }
    } catch (RulesException e) {
      problems.addAll(e.problems());
      causes.add(e);
    }
    throw new CommandFailure(
        String.join("\n", RulesDocuments.inOrder(shown(names), problems)),
        hint(problems),
        causes.get(0));
  }

  /** Of what is allowed, one thing is a setting, which the library does not know of. */
  private static String hint(List<String> problems) {
    return problems.stream().anyMatch(problem -> problem.contains(" entries for each identifier"))
        ? WeirSettings.SLIDING_WINDOW_LOG_MAX_ENTRIES.name()
            + " sets how many entries a log may keep, up to "
            + SlidingWindowLog.LARGEST_MAX_ENTRIES
        : "";
  }

  /** The names as problems have them. */
  private static List<String> shown(List<String> names) {
    return names.stream().map(name -> name.equals("-") ? STANDARD_INPUT : name).toList();
  }

  private static RulesFile open(String name, InputStream input) {
    if (name.equals("-")) {
      try {
        return new RulesFile(
            STANDARD_INPUT, new String(input.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new CommandFailure("standard input cannot be read", e);
      }
    }
    try {
      return RulesFile.of(Path.of(name));
    } catch (InvalidPathException e) {
      throw new CommandFailure(FileFaults.notAPath(name), e);
    }
  }
}
