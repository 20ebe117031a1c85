package io.weir.streams.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the application needs of the topics before it may start: Kafka Streams itself would find out
 * late, or, where streams are merged, not at all, and then judge one identifier in two places.
 *
 * @param required topics that must exist
 * @param alike sets of topics that must have equal numbers of partitions, as far as they exist
 */
public record TopicLayout(Set<String> required, List<Set<String>> alike) {

  /** Copies the collections. */
  public TopicLayout {
    required = Set.copyOf(required);
    alike = alike.stream().<Set<String>>map(Set::copyOf).toList();
  }

  /** All topics that this layout speaks of, in order. */
  Set<String> topics() {
    Set<String> all = new TreeSet<>(required);
    alike.forEach(all::addAll);
    return all;
  }

  /**
   * What is wrong, one sentence each; empty if nothing is.
   *
   * @param partitions the number of partitions of each topic that exists
   */
  List<String> problems(Map<String, Integer> partitions) {
    List<String> problems = new ArrayList<>();
    for (String topic : new TreeSet<>(required)) {
      if (!partitions.containsKey(topic)) {
        problems.add("the topic " + topic + " is missing; create it with ./weir topics apply");
      }
    }
    for (Set<String> topics : alike) {
      Map<String, Integer> found = new TreeMap<>(partitions);
      found.keySet().retainAll(topics);
      if (new TreeSet<>(found.values()).size() > 1) {
        problems.add(
            "these topics must have equal numbers of partitions, or one identifier would be judged"
                + " in two places: "
                + found.entrySet().stream()
                    .map(topic -> topic.getKey() + " has " + topic.getValue())
                    .collect(Collectors.joining(", ")));
      }
    }
    return problems;
  }
}
