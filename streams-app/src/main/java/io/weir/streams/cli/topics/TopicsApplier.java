package io.weir.streams.cli.topics;

import io.weir.streams.cli.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;

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
   * @param done what was changed, one sentence each
   * @param left what differs still, one sentence each
   */
  public record Result(String topic, Outcome outcome, List<String> done, List<String> left) {

    /** Copies the lists. */
    public Result {
      done = List.copyOf(done);
      left = List.copyOf(left);
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

  /**
   * Applies the declaration, topic by topic.
   *
   * @param sink told what became of each declared topic as soon as it is done
   * @throws CommandFailure if a topic needs more brokers than there are, before anything is done,
   *     or if Kafka refuses
   */
  public void apply(List<TopicSpec> declared, Consumer<Result> sink) {
    Map<String, TopicSpec> actual = cluster.find(declared.stream().map(TopicSpec::name).toList());
    Map<String, List<TopicDifference>> differences =
        TopicComparison.compare(declared, actual).stream()
            .collect(Collectors.groupingBy(TopicDifference::topic));
    List<TopicSpec> missing =
        declared.stream().filter(topic -> !actual.containsKey(topic.name())).toList();
    if (!missing.isEmpty()) {
      requireBrokers(missing, cluster.brokers());
    }
    for (TopicSpec topic : declared) {
      Optional<TopicSpec> found = Optional.ofNullable(actual.get(topic.name()));
      sink.accept(
          found.isPresent()
              ? change(topic, found.get(), differences.getOrDefault(topic.name(), List.of()))
              : create(topic));
    }
  }

  private static void requireBrokers(List<TopicSpec> missing, int brokers) {
    for (TopicSpec topic : missing) {
      if (topic.replicas() > brokers) {
        throw new CommandFailure(
            topic.name()
                + " is declared with "
                + topic.replicas()
                + " replicas, but the cluster has "
                + count(brokers, "broker"),
            "--replicas " + brokers + " makes as many as there are brokers, of every topic");
      }
    }
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private Result create(TopicSpec topic) {
    if (!dryRun) {
      cluster.create(topic);
    }
    return new Result(
        topic.name(),
        Outcome.CREATED,
        List.of(count(topic.partitions(), "partition") + ", " + count(topic.replicas(), "replica")),
        List.of());
  }

  private Result change(TopicSpec topic, TopicSpec found, List<TopicDifference> differences) {
    List<String> done = new ArrayList<>();
    List<String> left = new ArrayList<>();
    Map<String, String> configs = new TreeMap<>();
    for (TopicDifference difference : differences) {
      switch (difference.kind()) {
        case CONFIG -> {
          if (needsMoreReplicas(difference, found)) {
            left.add(
                remaining(difference) + "; with so few replicas nobody could write to the topic");
          } else {
            configs.put(difference.property(), difference.declared());
            done.add(change(difference));
          }
        }
        case FEWER_PARTITIONS -> {
          if (addPartitions) {
            if (!dryRun) {
              cluster.addPartitions(topic.name(), topic.partitions());
            }
            done.add(change(difference));
          } else {
            left.add(
                remaining(difference)
                    + "; adding some moves identifiers to other partitions, away from what they"
                    + " have used: --add-partitions does it");
          }
        }
        case MORE_PARTITIONS ->
            left.add(remaining(difference) + "; Kafka cannot take partitions away");
        case REPLICAS ->
            left.add(
                remaining(difference)
                    + "; kafka-reassign-partitions changes it, --replicas declares another number");
        case MISSING -> throw new IllegalStateException("handled before: " + difference);
      }
    }
    if (!configs.isEmpty() && !dryRun) {
      cluster.setConfigs(topic.name(), configs);
    }
    return new Result(topic.name(), outcome(done, left), done, left);
  }

  private static Outcome outcome(List<String> done, List<String> left) {
    if (!left.isEmpty()) {
      return Outcome.DIFFERS;
    }
    return done.isEmpty() ? Outcome.UNCHANGED : Outcome.CHANGED;
  }

  private static boolean needsMoreReplicas(TopicDifference difference, TopicSpec found) {
    return difference.property().equals(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)
        && Integer.parseInt(difference.declared()) > found.replicas();
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
