package io.weir.streams.app;

import io.weir.streams.topology.InputKeying;
import io.weir.streams.topology.TopologyNames;
import io.weir.streams.topology.TopologySettings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The topics whose numbers of partitions must be equal, because the state of an identifier is where
 * its checks are. A topic that people made larger would move identifiers away from their state;
 * Kafka Streams finds that out late, and names neither both topics nor what to do.
 *
 * @param alike the topics; those that do not exist yet are made to fit
 */
public record TopicLayout(Set<String> alike) {

  /** Of an application that keeps no state in topics. */
  public static final TopicLayout NONE = new TopicLayout(Set.of());

  /** Copies the set. */
  public TopicLayout {
    alike = Set.copyOf(alike);
  }

  /** The layout that a topology needs, internal topics among it. */
  public static TopicLayout of(String applicationId, TopologySettings settings) {
    Set<String> alike = new TreeSet<>();
    alike.add(TopologyNames.limitsChangelog(applicationId));
    alike.add(TopologyNames.checksTopic(applicationId));
    alike.add(settings.topics().releases());
    if (settings.duplicates().isPresent()) {
      // A request and its answers meet by the same key.
      alike.add(TopologyNames.answersTopic(applicationId));
      alike.add(TopologyNames.requestChecksTopic(applicationId));
    }
    if (settings.input() instanceof InputKeying.Any any) {
      if (any.partitions().isEmpty()) {
        alike.add(settings.topics().requests());
      }
    } else {
      alike.add(settings.topics().requests());
    }
    return new TopicLayout(alike);
  }

  /**
   * What is wrong, in a sentence; empty if nothing is.
   *
   * @param partitions the number of partitions of each topic that exists
   */
  Optional<String> problem(Map<String, Integer> partitions) {
    Map<String, Integer> found = new TreeMap<>(partitions);
    found.keySet().retainAll(alike);
    if (Set.copyOf(found.values()).size() <= 1) {
      return Optional.empty();
    }
    return Optional.of(
        "these topics must have equal numbers of partitions, or identifiers would lose their state: "
            + found.entrySet().stream()
                .map(topic -> topic.getKey() + " has " + topic.getValue())
                .collect(Collectors.joining(", "))
            + "; if a topic was made larger, start under another application.id, whose state begins"
            + " anew");
  }
}
