package io.weir.limiter.http;

import io.weir.limiter.Request;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.words.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One limit of a domain's rules alone, for who asks by its name. What is charged to it is the same
 * state as under all rules, as the key of a limit's state does not depend on other limits.
 * Immutable and thread-safe.
 */
public final class NamedLimit {
  private final DomainRules rules;

  /** The way to the limit; where a request brings the value it is empty. */
  private final List<Entry> path;

  private NamedLimit(DomainRules rules, List<Entry> path) {
    this.rules = rules;
    this.path = path;
  }

  /**
   * Finds a limit.
   *
   * @param name its own name, or the path of its rule where it has none: {@code api.address}
   * @throws IllegalArgumentException if there is none, or it is in several places by different
   *     attributes, with a sentence that says what there is
   */
  public static NamedLimit find(String name, DomainRules rules, Algorithms algorithms) {
    RulesLayers layers = new RulesLayers(rules.domain());
    layers.add(rules);
    List<List<Entry>> paths = layers.paths(name);
    if (paths.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no limit '"
              + name
              + "' in the domain "
              + rules.domain()
              + "; there are "
              + layers.names()
              + Suggestion.didYouMean(name, layers.names()));
    }
    List<Entry> path = common(name, paths);
    layers.retain(name);
    return new NamedLimit(layers.build(algorithms).withRevision(rules.revision()), path);
  }

  private static List<Entry> common(String name, List<List<Entry>> paths) {
    List<String> keys = keys(paths.get(0));
    if (!paths.stream().allMatch(path -> keys(path).equals(keys))) {
      throw new IllegalArgumentException(
          "the limit '" + name + "' is in several places of the rules, by different attributes");
    }
    List<Entry> common = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      int level = i;
      List<String> values = paths.stream().map(path -> path.get(level).value()).distinct().toList();
      boolean isFixed = values.size() == 1 && values.get(0).indexOf('*') < 0;
      common.add(new Entry(keys.get(i), isFixed ? values.get(0) : ""));
    }
    return List.copyOf(common);
  }

  private static List<String> keys(List<Entry> path) {
    return path.stream().map(Entry::key).toList();
  }

  /** Rules with this limit and no other one. */
  public DomainRules rules() {
    return rules;
  }

  /** The attributes that a request brings, in order. */
  public List<String> keys() {
    return path.stream().filter(entry -> entry.value().isEmpty()).map(Entry::key).toList();
  }

  /**
   * The question to a limiter of {@link #rules}.
   *
   * @param values those of {@link #keys}, in order
   * @param cost tokens to take, 0 or more
   * @throws IllegalArgumentException if it is not a value for each key
   */
  public Request request(List<String> values, long cost) {
    if (values.size() != keys().size()) {
      throw new IllegalArgumentException(
          values.size() + " values are given; it must be one for each of " + keys());
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    int next = 0;
    for (Entry entry : path) {
      attributes.put(entry.key(), entry.value().isEmpty() ? values.get(next++) : entry.value());
    }
    return new Request(rules.domain(), attributes, cost).withShortKeys();
  }
}
