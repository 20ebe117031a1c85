package io.weir.streams.cli.rules;

import io.weir.limiter.rule.LoadedRules;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.config.FileFaults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rules from the files of a command line. A file may hold several domains as YAML documents, as
 * {@code weir rules list} prints them.
 */
public final class RulesFiles {
  private static final String STANDARD_INPUT = "standard input";
  private static final Pattern PLACE = Pattern.compile(":(\\d{1,9}): ");
  private static final Pattern DOCUMENT = Pattern.compile("(?m)^---(?=\\s|$)");

  private RulesFiles() {}

  /**
   * Reads all files.
   *
   * @param names the files; {@code -} is standard input
   * @throws CommandFailure if they make no sense; the message has a line for each mistake
   */
  public static LoadedRules read(RulesReader reader, List<String> names, InputStream input) {
    List<RulesFile> documents = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<RuntimeException> causes = new ArrayList<>();
    for (String name : names) {
      try {
        documents.addAll(split(open(name, input)));
      } catch (RulesException | CommandFailure e) {
        problems.add(String.valueOf(e.getMessage()));
        causes.add(e);
      }
    }
    try {
      LoadedRules loaded = reader.read(documents);
      if (problems.isEmpty()) {
        return loaded;
      }
    } catch (RulesException e) {
      problems.addAll(e.problems());
      causes.add(e);
    }
    throw new CommandFailure(String.join("\n", inOrder(names, problems)), causes.get(0));
  }

  /** As one goes through the files, where the library has what Envoy finds first at the top. */
  private static List<String> inOrder(List<String> names, List<String> problems) {
    return problems.stream()
        .distinct()
        .sorted(
            Comparator.comparingInt((String problem) -> file(names, problem))
                .thenComparingInt(RulesFiles::line))
        .toList();
  }

  private static int file(List<String> names, String problem) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).equals("-") ? STANDARD_INPUT : names.get(i);
      if (problem.startsWith(name + ":")) {
        return i;
      }
    }
    return names.size();
  }

  private static int line(String problem) {
    Matcher place = PLACE.matcher(problem);
    return place.find() ? Integer.parseInt(place.group(1)) : 0;
  }

  /** The documents of a file, each at its lines, so that messages name the right ones. */
  static List<RulesFile> split(RulesFile file) {
    List<RulesFile> documents = new ArrayList<>();
    Matcher marks = DOCUMENT.matcher(file.yaml());
    int begin = 0;
    while (marks.find()) {
      addUnlessBlank(file, begin, marks.start(), documents);
      begin = marks.end();
    }
    addUnlessBlank(file, begin, file.yaml().length(), documents);
    return documents.isEmpty() ? List.of(file) : documents;
  }

  private static void addUnlessBlank(
      RulesFile file, int begin, int end, List<RulesFile> documents) {
    String text = file.yaml().substring(begin, end);
    boolean blank =
        text.lines().allMatch(line -> line.isBlank() || line.stripLeading().startsWith("#"));
    if (!blank) {
      long linesBefore = file.yaml().substring(0, begin).chars().filter(c -> c == '\n').count();
      documents.add(new RulesFile(file.name(), "\n".repeat(Math.toIntExact(linesBefore)) + text));
    }
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
