package io.weir.limiter.http;

import io.weir.limiter.words.Quoted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Limits that are said in lines, in code and around it, not read yet. Not thread-safe. */
final class LimitLines {
  /**
   * One line.
   *
   * @param origin what messages call it
   * @param name the limit's name
   * @param isSetting whether it is of a framework's settings, which may be for several applications
   */
  record Line(String origin, String name, String text, boolean isSetting) {
    boolean isOff() {
      // YAML takes an off without quotes for the word false.
      return text.strip().equals(LimitLine.OFF) || (isSetting && text.strip().equals("false"));
    }

    /** A problem with it. */
    String problem(String what) {
      return origin + " is '" + Quoted.text(text) + "': " + what;
    }
  }

  /** Who writes this means {@link HttpRules#PREFIX}. */
  private static final String MISSPELT_PREFIX = "WEIR_LIMIT_";

  /** Who writes these left out the name. */
  private static final Set<String> NAMELESS =
      Set.of("WEIR_LIMIT", MISSPELT_PREFIX, "WEIR_LIMITS", HttpRules.PREFIX);

  private final List<Line> ofCode = new ArrayList<>();
  private final List<Line> ofEnvironment = new ArrayList<>();
  private final List<String> misnamed = new ArrayList<>();
  private final Set<String> hidden = new HashSet<>();

  void addOfCode(String name, String text) {
    ofCode.add(new Line("the limit " + name, name(name), text, false));
  }

  void addOfVariables(Map<String, String> variables) {
    new TreeMap<>(variables)
        .forEach(
            (variable, text) -> {
              if (NAMELESS.contains(variable)) {
                misnamed.add(
                    variable
                        + " is '"
                        + Quoted.text(text)
                        + "': it names no limit; it must be like "
                        + HttpRules.PREFIX
                        + "LOGIN");
              } else if (variable.startsWith(HttpRules.PREFIX)) {
                String name = variable.substring(HttpRules.PREFIX.length());
                ofEnvironment.add(new Line(variable, name(name), text, false));
              } else if (variable.startsWith(MISSPELT_PREFIX)) {
                String name = variable.substring(MISSPELT_PREFIX.length());
                misnamed.add(variable + " names no limit; it must be " + HttpRules.PREFIX + name);
              }
            });
  }

  void addOfSetting(String origin, String name, String text) {
    ofEnvironment.add(new Line(origin, name(name), text, true));
  }

  void mayTurnOff(Collection<String> names) {
    names.forEach(name -> hidden.add(name(name)));
  }

  /** Whether a setting says the limit that another one stands over. */
  boolean isHidden(String name) {
    return hidden.contains(name);
  }

  void addAll(LimitLines others) {
    hidden.addAll(others.hidden);
    ofCode.addAll(others.ofCode);
    ofEnvironment.addAll(others.ofEnvironment);
    misnamed.addAll(others.misnamed);
  }

  /** {@code PER_USER} and {@code per.user} are {@code per-user}. */
  static String name(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
  }

  /** Whether a line can have this name. */
  static boolean isName(String name) {
    return name(name).equals(name);
  }

  List<Line> ofCode() {
    return ofCode;
  }

  /** What is off comes first, to be out of the way of the others. */
  List<Line> ofEnvironment() {
    return ofEnvironment.stream().sorted(Comparator.comparing(line -> !line.isOff())).toList();
  }

  /** The names of limits that stand over those of files. */
  Set<String> namesOfEnvironment() {
    return ofEnvironment.stream()
        .filter(line -> !line.isOff())
        .map(Line::name)
        .collect(Collectors.toSet());
  }

  /** The line that says the limit of a name where it comes of any. */
  Map<String, Line> byName() {
    Map<String, Line> lines = new TreeMap<>();
    ofCode.forEach(line -> lines.put(line.name(), line));
    ofEnvironment.forEach(line -> lines.put(line.name(), line));
    return lines;
  }

  /** Complaints of variables that look like lines. */
  List<String> misnamed() {
    return misnamed;
  }
}
