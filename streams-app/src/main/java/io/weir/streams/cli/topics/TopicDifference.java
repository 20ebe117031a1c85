package io.weir.streams.cli.topics;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One way in which a topic of the cluster is not as it is declared. Immutable.
 *
 * @param topic the topic
 * @param kind what differs
 * @param property the name of what differs: a configuration's name, {@code partitions}, …
 * @param declared what it should be
 * @param actual what it is
 */
public record TopicDifference(
    String topic, Kind kind, String property, String declared, String actual) {

  /** What differs. */
  public enum Kind {
    /** There is no such topic. */
    MISSING,
    /** Fewer partitions than declared. */
    FEWER_PARTITIONS,
    /** More partitions than declared. */
    MORE_PARTITIONS,
    /** Another number of replicas. */
    REPLICAS,
    /** Another value of a configuration. */
    CONFIG
  }

  /** One sentence without a full stop. */
  public String sentence() {
    return sentence(List.of(this));
  }

  /** One sentence without a full stop for all differences of one topic. */
  static String sentence(List<TopicDifference> ofOneTopic) {
    TopicDifference first = ofOneTopic.get(0);
    return first.kind == Kind.MISSING
        ? first.topic + " does not exist"
        : ofOneTopic.stream()
            .map(it -> it.property + " is " + it.actual + ", declared " + it.declared)
            .collect(Collectors.joining("; ", first.topic + ": ", ""));
  }
}
