package io.weir.streams.cli.topics;

import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.topology.TopologyNames;
import io.weir.streams.topology.TopologySettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Whether the application can start on the topics of the cluster: pure, no cluster in it.
 *
 * @param obstacles why it must not start, one sentence each
 * @param warnings what differs from the declaration otherwise, one sentence each
 */
public record StartCheck(List<String> obstacles, List<String> warnings) {

  /** Copies the lists. */
  public StartCheck {
    obstacles = List.copyOf(obstacles);
    warnings = List.copyOf(warnings);
  }

  /**
   * The topics that the check needs to know of: those that the settings name, and the application's
   * internal ones.
   */
  public static Set<String> topics(Settings settings) {
    Set<String> names = new TreeSet<>(settings.topics().values());
    names.addAll(internalTopics(settings));
    return names;
  }

  /**
   * Compares the topics that the settings name.
   *
   * @param settings which topics the application uses, and how
   * @param declared the topics as they should be, under their default names or the settings'; those
   *     that the settings do not name are ignored
   * @param actual those of {@link #topics} that exist, by name
   */
  public static StartCheck of(
      Settings settings, List<TopicSpec> declared, Map<String, TopicSpec> actual) {
    Check check = new Check(settings, actual);
    check.compare(TopicNames.bySettings(settings, declared));
    check.requireCompactedRules();
    check.compareReleases();
    check.compareInternalTopics();
    check.compareRecordSizes();
    return new StartCheck(check.obstacles, check.warnings);
  }

  private static List<String> internalTopics(Settings settings) {
    String application = settings.get(WeirSettings.APPLICATION_ID);
    return List.of(
        TopologyNames.limitsChangelog(application),
        TopologyNames.joinsChangelog(application),
        TopologyNames.duplicatesChangelog(application),
        TopologyNames.joinedDuplicatesChangelog(application),
        TopologyNames.checksTopic(application),
        TopologyNames.requestChecksTopic(application),
        TopologyNames.answersTopic(application));
  }

  /** One comparison under way. */
  private static final class Check {
    private final Settings settings;
    private final Map<String, TopicSpec> actual;
    private final List<String> obstacles = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private Check(Settings settings, Map<String, TopicSpec> actual) {
      this.settings = settings;
      this.actual = actual;
    }

    private void compare(List<TopicSpec> declared) {
      Map<String, List<TopicDifference>> differences = new LinkedHashMap<>();
      for (TopicDifference difference : TopicComparison.compare(declared, actual)) {
        TopicRole.of(settings, difference.topic())
            .filter(role -> !role.isCleanupOfRules(difference))
            .ifPresent(
                role -> {
                  if (role.preventsStart(difference)) {
                    obstacles.add(difference.sentence());
                  } else {
                    differences
                        .computeIfAbsent(difference.topic(), topic -> new ArrayList<>())
                        .add(difference);
                  }
                });
      }
      warnings.addAll(together(differences));
      Set<String> names = declared.stream().map(TopicSpec::name).collect(Collectors.toSet());
      TopicRole.used(settings)
          .filter(role -> !names.contains(role.topic(settings)))
          .forEach(role -> addUndeclared(role, role.topic(settings)));
    }

    /** On a single broker all topics differ in the same way: one sentence says so. */
    private static List<String> together(Map<String, List<TopicDifference>> byTopic) {
      Map<String, List<String>> topics = new LinkedHashMap<>();
      byTopic.forEach(
          (topic, differences) ->
              topics
                  .computeIfAbsent(TopicDifference.words(differences), words -> new ArrayList<>())
                  .add(topic));
      return topics.entrySet().stream()
          .map(each -> String.join(", ", each.getValue()) + ": " + each.getKey())
          .toList();
    }

    private void addUndeclared(TopicRole role, String topic) {
      if (actual.containsKey(topic)) {
        warnings.add(
            topic + ": is not declared in the topics file, so only its presence was checked");
      } else {
        obstacles.add(topic + " does not exist (" + role.settingName() + " of the settings)");
      }
    }

    /** Whatever is declared: once the retention is over, a start would find no rules to apply. */
    private void requireCompactedRules() {
      find(TopicRole.RULES)
          .ifPresent(
              rules -> {
                String policy =
                    rules.configs().getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "unknown");
                if (!policy.strip().equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                  obstacles.add(
                      rules.name()
                          + ": cleanup.policy is "
                          + policy
                          + "; it must be compact, or rules are forgotten with time, and everything"
                          + " is allowed");
                }
              });
    }

    /** A release must reach the partition that holds: both need as many partitions. */
    private void compareReleases() {
      Optional<Integer> ofRequests = find(TopicRole.REQUESTS).map(TopicSpec::partitions);
      Optional<Integer> ofChecks =
          settings.get(WeirSettings.INPUT_KEYED)
              ? ofRequests
              : settings.get(WeirSettings.REPARTITION_PARTITIONS).or(() -> ofRequests);
      Optional<TopicSpec> releases = find(TopicRole.RELEASES);
      if (releases.isPresent()
          && ofChecks.isPresent()
          && releases.get().partitions() != ofChecks.get()) {
        obstacles.add(
            releases.get().name()
                + " has "
                + releases.get().partitions()
                + " partitions, but requests are checked in "
                + ofChecks.get()
                + "; it must have as many, or what is held for denied requests is never given back");
      }
    }

    /** Kafka Streams makes them as told, but does not change those that exist. */
    private void compareInternalTopics() {
      find(TopicRole.REQUESTS)
          .ifPresent(
              requests ->
                  internalTopics(settings).stream()
                      .flatMap(name -> Optional.ofNullable(actual.get(name)).stream())
                      .filter(topic -> topic.replicas() < requests.replicas())
                      .forEach(
                          topic ->
                              warnings.add(
                                  topic.name()
                                      + " has fewer replicas ("
                                      + topic.replicas()
                                      + ") than "
                                      + requests.name()
                                      + " ("
                                      + requests.replicas()
                                      + "), so brokers that requests survive take state with them;"
                                      + " kafka-reassign-partitions changes it")));
    }

    private void compareRecordSizes() {
      int least = TopologySettings.LEAST_DEAD_LETTER_BYTES;
      int deadLetterBytes = RecordSizes.deadLetterBytes(settings, actual);
      if (deadLetterBytes < least) {
        obstacles.add(
            "dead letters may take "
                + deadLetterBytes
                + " bytes, by max.message.bytes of "
                + TopicRole.DEAD_LETTER.topic(settings)
                + " and the producer's max.request.size; they need "
                + least);
      }
      int most = TopologySettings.DEFAULT.maxDeadLetterBytes();
      Stream.concat(
              Stream.of(TopicRole.DECISIONS, TopicRole.RELEASES)
                  .flatMap(role -> find(role).stream()),
              internalTopics(settings).stream()
                  .flatMap(name -> Optional.ofNullable(actual.get(name)).stream()))
          .filter(topic -> RecordSizes.largestRecordBytes(topic).orElse(most) < most)
          .forEach(
              topic ->
                  warnings.add(
                      topic.name()
                          + " takes records of up to "
                          + RecordSizes.largestRecordBytes(topic).getAsInt()
                          + " bytes (max.message.bytes), but a request to which many limits apply"
                          + " needs up to "
                          + most
                          + "; one that is refused stops its partition"));
    }

    private Optional<TopicSpec> find(TopicRole wanted) {
      return TopicRole.used(settings)
          .filter(role -> role == wanted)
          .findFirst()
          .flatMap(role -> Optional.ofNullable(actual.get(role.topic(settings))));
    }
  }
}
