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
    return kind == Kind.MISSING ? topic + " does not exist" : topic + ": " + words();
  }

  /** What differs, of one topic that is there. */
  static String words(List<TopicDifference> ofOneTopic) {
    return ofOneTopic.stream().map(TopicDifference::words).collect(Collectors.joining("; "));
  }

  private String words() {
    return property + " is " + actual + ", declared " + declared;
  }
}
