package io.weir.streams.cli.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes the cluster's topics as they are declared, as far as that harms nothing. */
public final class TopicsApplier {
  private final ClusterTopics cluster;
  private final boolean addPartitions;
  private final boolean dryRun;

  /**
   * What changes topics.
   *
   * @param cluster the topics as they are
   * @param addPartitions whether partitions may be added, which moves identifiers to others
   * @param dryRun whether only to say what would be done
   */
  public TopicsApplier(ClusterTopics cluster, boolean addPartitions, boolean dryRun) {
    this.cluster = cluster;
    this.addPartitions = addPartitions;
    this.dryRun = dryRun;
  }

  /**
   * What became of one topic.
   *
   * @param topic its name
   * @param outcome in a word
   * @param details what was changed or could not be, one sentence each
   */
  public record Result(String topic, Outcome outcome, List<String> details) {

    /** Copies the list. */
    public Result {
      details = List.copyOf(details);
    }
  }

  /** In a word, what became of a topic. */
  public enum Outcome {
    /** It is as declared. */
    UNCHANGED,
    /** It did not exist. */
    CREATED,
    /** Something was changed, and it is now as declared. */
    CHANGED,
    /** Something differs that is not changed here. */
    DIFFERS
  }

  /** Applies the declaration; the result has one element for each declared topic. */
  public List<Result> apply(List<TopicSpec> declared) {
    Map<String, TopicSpec> actual = cluster.find(declared.stream().map(TopicSpec::name).toList());
    Map<String, List<TopicDifference>> differences =
        TopicComparison.compare(declared, actual).stream()
            .collect(Collectors.groupingBy(TopicDifference::topic));
    return declared.stream()
        .map(topic -> applyOne(topic, differences.getOrDefault(topic.name(), List.of())))
        .toList();
  }

  private Result applyOne(TopicSpec topic, List<TopicDifference> differences) {
    if (differences.isEmpty()) {
      return new Result(topic.name(), Outcome.UNCHANGED, List.of());
    }
    if (differences.stream().anyMatch(it -> it.kind() == TopicDifference.Kind.MISSING)) {
      if (!dryRun) {
        cluster.create(topic);
      }
      return new Result(
          topic.name(),
          Outcome.CREATED,
          List.of(topic.partitions() + " partitions, " + topic.replicas() + " replicas"));
    }
    return change(topic, differences);
  }

  private Result change(TopicSpec topic, List<TopicDifference> differences) {
    List<String> details = new ArrayList<>();
    Map<String, String> configs = new TreeMap<>();
    boolean remains = false;
    for (TopicDifference difference : differences) {
      switch (difference.kind()) {
        case CONFIG -> {
          configs.put(difference.property(), difference.declared());
          details.add(change(difference));
        }
        case FEWER_PARTITIONS -> {
          if (addPartitions) {
            if (!dryRun) {
              cluster.addPartitions(topic.name(), topic.partitions());
            }
            details.add(change(difference));
          } else {
            remains = true;
            details.add(
                remaining(difference)
                    + "; adding some moves identifiers to other partitions, away from what they"
                    + " have used: --add-partitions does it");
          }
        }
        case MORE_PARTITIONS -> {
          remains = true;
          details.add(remaining(difference) + "; Kafka cannot take partitions away");
        }
        case REPLICAS -> {
          remains = true;
          details.add(remaining(difference) + "; kafka-reassign-partitions changes it");
        }
        case MISSING -> throw new IllegalStateException("handled before: " + difference);
      }
    }
    if (!configs.isEmpty() && !dryRun) {
      cluster.setConfigs(topic.name(), configs);
    }
    return new Result(topic.name(), remains ? Outcome.DIFFERS : Outcome.CHANGED, details);
  }

  private static String change(TopicDifference difference) {
    return difference.property() + ": " + difference.actual() + " → " + difference.declared();
  }

  private static String remaining(TopicDifference difference) {
    return difference.property()
        + " is "
        + difference.actual()
        + ", declared "
        + difference.declared();
  }
}
