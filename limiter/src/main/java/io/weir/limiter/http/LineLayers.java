package io.weir.limiter.http;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.http.LimitLines.Line;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.words.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Adds limits that are said in lines to those of other layers, and checks them. Not thread-safe.
 */
final class LineLayers {
  private static final System.Logger LOG = System.getLogger(HttpRules.class.getName());

  /** The end of the place of a line's limit in the tree. */
  private static final String PLACE = ".rate_limits[0]: ";

  private final LimitLines lines;
  private final RulesLayers layers;
  private final String domain;
  private final Algorithms algorithms;
  private final Map<String, List<String>> keys = new HashMap<>();
  private final List<String> problems;

  /**
   * None is added yet.
   *
   * @param layers where they are added
   */
  LineLayers(LimitLines lines, RulesLayers layers, String domain, Algorithms algorithms) {
    this.lines = lines;
    this.layers = layers;
    this.domain = domain;
    this.algorithms = algorithms;
    this.problems = new ArrayList<>(lines.misnamed());
  }

  void addCode() {
    lines.ofCode().forEach(this::add);
  }

  /** Rules of a file have taken the place of lines of their limits' names. */
  void replacedBy(DomainRules rules) {
    RulesLayers alone = new RulesLayers(domain);
    alone.add(rules);
    keys.keySet().removeAll(alone.names());
  }

  /**
   * Adds those of the environment, the last ones.
   *
   * @throws RulesException if any line makes no sense
   */
  void addEnvironment() {
    lines.ofEnvironment().forEach(this::add);
    requireNoProblems();
    keys.keySet().retainAll(layers.names());
    inForce().values().forEach(this::requireReplacesOthers);
    requireNoProblems();
  }

  /** Of each limit that is said in a line and in force, by which attributes it is. */
  Map<String, List<String>> keys() {
    return keys;
  }

  /** Of each limit that is said in a line and in force, that line. */
  Map<String, Line> inForce() {
    Map<String, Line> said = lines.byName();
    said.keySet().retainAll(keys.keySet());
    return said;
  }

  /**
   * Wants what lines replace to be there.
   *
   * @param rules what came of all layers
   * @throws RulesException if one names a limit that is not; of settings it is a warning
   */
  void requireReplaced(DomainRules rules) {
    Map<String, Line> said = inForce();
    List<RuleLimit> limits = new ArrayList<>();
    collect(rules.descriptors(), limits);
    Set<String> known = new TreeSet<>();
    limits.forEach(limit -> limit.name().ifPresent(known::add));
    for (RuleLimit limit : limits) {
      Line line = said.get(limit.name().orElse(""));
      if (line != null) {
        limit.replaces().stream()
            .filter(replaced -> !known.contains(replaced))
            .forEach(replaced -> complain(line, replaced, known));
      }
    }
    requireNoProblems();
  }

  /** Limits beside each other both hold, and the rules would say so of a place in the tree. */
  private void requireReplacesOthers(Line line) {
    LimitLine limit = LimitLine.parse(line.name(), line.text());
    limit.replaced().stream()
        .filter(replaced -> layers.paths(replaced).contains(limit.path()))
        .forEach(
            replaced ->
                problems.add(
                    line.problem(
                        "it cannot replace "
                            + replaced
                            + ", which is of the same requests by the same attributes; turn that"
                            + " off instead")));
  }

  private static void collect(List<Descriptor> descriptors, List<RuleLimit> limits) {
    for (Descriptor descriptor : descriptors) {
      limits.addAll(descriptor.limits());
      collect(descriptor.children(), limits);
    }
  }

  private void complain(Line line, String replaced, Set<String> known) {
    String problem =
        line.problem(
            "there is no limit named "
                + replaced
                + " to replace; there are "
                + known
                + Suggestion.didYouMean(replaced, known));
    if (line.isSetting()) {
      LOG.log(System.Logger.Level.WARNING, problem);
    } else {
      problems.add(problem);
    }
  }

  private void add(Line line) {
    try {
      if (line.isOff()) {
        turnOff(line);
        return;
      }
      LimitLine limit = LimitLine.parse(line.name(), line.text());
      requireSensible(limit);
      layers.add(limit.path(), limit.name(), limit.limit());
      keys.put(limit.name(), limit.path().stream().map(Entry::key).toList());
    } catch (IllegalArgumentException | RulesException e) {
      problems.add(line.problem(String.valueOf(e.getMessage())));
    }
  }

  private void turnOff(Line line) {
    if (layers.remove(line.name()) || (line.isSetting() && lines.isHidden(line.name()))) {
      return;
    }
    Set<String> known = new TreeSet<>(layers.names());
    known.addAll(lines.namesOfEnvironment());
    String problem =
        "there is no limit "
            + line.name()
            + " to turn off; "
            + (known.isEmpty() ? "there is none at all" : "there are " + known)
            + near(line, known);
    if (!line.isSetting()) {
      throw new IllegalArgumentException(problem);
    }
    LOG.log(System.Logger.Level.WARNING, line.origin() + " is off: " + problem);
  }

  /** A limit without a name of its own is called by its path, which no line's name can be. */
  private static String near(Line line, Set<String> known) {
    Set<String> sayable = known.stream().filter(LimitLines::isName).collect(Collectors.toSet());
    String meant = Suggestion.didYouMean(line.name(), sayable);
    if (!meant.isEmpty()) {
      return meant;
    }
    return known.stream()
        .filter(name -> LimitLines.name(name).equals(line.name()))
        .findFirst()
        .map(name -> "; '" + name + "' can only be turned off if it has a name of its own")
        .orElse("");
  }

  /** Lets the rules say what is wrong with the numbers of this line alone. */
  private void requireSensible(LimitLine line) {
    if (line.path().size() > DomainRules.MAX_LEVELS) {
      throw new IllegalArgumentException(
          "it is by "
              + line.path().size()
              + " attributes"
              + (line.route().isPresent() ? ", its route among them" : "")
              + "; it must be at most "
              + DomainRules.MAX_LEVELS);
    }
    RulesLayers alone = new RulesLayers(domain);
    alone.add(line.path(), line.name(), line.limit());
    try {
      var unused = alone.build(algorithms);
    } catch (RulesException e) {
      String problem = e.problems().get(0);
      // The place in the tree says nothing to who wrote a line.
      int place = problem.indexOf(PLACE);
      throw new RulesException(place < 0 ? problem : problem.substring(place + PLACE.length()), e);
    }
  }

  private void requireNoProblems() {
    if (!problems.isEmpty()) {
      throw new RulesException(problems);
    }
  }
}
