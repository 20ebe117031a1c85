package io.weir.streams.cli.topics;

import io.weir.streams.cli.topics.TopicDifference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what is declared with what is: pure, no cluster in it. */
public final class TopicComparison {
  private TopicComparison() {}

  /**
   * How the cluster differs from the declaration, in the order of the declaration.
   *
   * @param declared the topics as they should be
   * @param actual the topics that exist, by name; others are ignored
   */
  public static List<TopicDifference> compare(
      List<TopicSpec> declared, Map<String, TopicSpec> actual) {
    List<TopicDifference> differences = new ArrayList<>();
    for (TopicSpec topic : declared) {
      Optional.ofNullable(actual.get(topic.name()))
          .ifPresentOrElse(
              found -> compare(topic, found, differences),
              () ->
                  differences.add(
                      new TopicDifference(
                          topic.name(), Kind.MISSING, "topic", "present", "missing")));
    }
    return differences;
  }

  private static void compare(
      TopicSpec declared, TopicSpec actual, List<TopicDifference> differences) {
    if (declared.partitions() != actual.partitions()) {
      differences.add(
          new TopicDifference(
              declared.name(),
              actual.partitions() < declared.partitions()
                  ? Kind.FEWER_PARTITIONS
                  : Kind.MORE_PARTITIONS,
              "partitions",
              String.valueOf(declared.partitions()),
              String.valueOf(actual.partitions())));
    }
    if (declared.replicas() != actual.replicas()) {
      differences.add(
          new TopicDifference(
              declared.name(),
              Kind.REPLICAS,
              "replicas",
              String.valueOf(declared.replicas()),
              String.valueOf(actual.replicas())));
    }
    declared
        .configs()
        .forEach(
            (name, value) -> {
              String found = actual.configs().getOrDefault(name, "unknown to the broker");
              if (!found.equals(value)) {
                differences.add(
                    new TopicDifference(declared.name(), Kind.CONFIG, name, value, found));
              }
            });
  }
}
