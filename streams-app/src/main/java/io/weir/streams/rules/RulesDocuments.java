package io.weir.streams.rules;

import io.weir.limiter.rule.LoadedRules;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rules from files, each of which may hold several domains as YAML documents, as {@code weir rules
 * list} prints them.
 */
public final class RulesDocuments {
  private static final Pattern PLACE = Pattern.compile(":(\\d{1,9}): ");
  private static final Pattern DOCUMENT = Pattern.compile("(?m)^---(?=\\s|$)");

  private RulesDocuments() {}

  /**
   * Reads all files.
   *
   * @throws RulesException if they make no sense; the problems stand as one goes through the files
   */
  public static LoadedRules read(RulesReader reader, List<RulesFile> files) {
    try {
      return reader.read(files.stream().flatMap(file -> split(file).stream()).toList());
    } catch (RulesException e) {
      throw new RulesException(inOrder(files.stream().map(RulesFile::name).toList(), e.problems()));
    }
  }

  /** As one goes through the files, where the library has what Envoy finds first at the top. */
  public static List<String> inOrder(List<String> names, Collection<String> problems) {
    return problems.stream()
        .distinct()
        .sorted(
            Comparator.comparingInt((String problem) -> file(names, problem))
                .thenComparingInt(RulesDocuments::line))
        .toList();
  }

  private static int file(List<String> names, String problem) {
    for (int i = 0; i < names.size(); i++) {
      if (problem.startsWith(names.get(i) + ":")) {
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
  public static List<RulesFile> split(RulesFile file) {
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
}
