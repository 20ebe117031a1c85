package io.weir.streams.topology;

/**
 * Names of the topics that the topology reads and writes.
 *
 * @param requests what is to be judged
 * @param decisions the answers
 * @param rules the rules, compacted
 * @param releases what is given back of held tokens
 * @param deadLetters what could not be understood
 */
public record TopologyTopics(
    String requests, String decisions, String rules, String releases, String deadLetters) {

  /** The names in topics.yml, which are the defaults of the settings; a test holds them equal. */
  public static final TopologyTopics DEFAULT =
      new TopologyTopics(
          "weir.requests", "weir.decisions", "weir.rules", "weir.releases", "weir.dead-letter");
}
