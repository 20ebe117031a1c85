package io.weir.streams.cli.topics;

import io.weir.streams.config.Setting;
import io.weir.streams.config.Settings;
import io.weir.streams.config.StatePlace;
import io.weir.streams.config.WeirSettings;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;

/** What a topic is to the application: the settings give each role a topic. */
enum TopicRole {
  /** What is to be judged; its partitions are, unless others are set, those of the state. */
  REQUESTS(WeirSettings.TOPIC_REQUESTS),
  /** What was decided. */
  DECISIONS(WeirSettings.TOPIC_DECISIONS),
  /** The rules. */
  RULES(WeirSettings.TOPIC_RULES),
  /** What held tokens are given back by; it has as many partitions as the state. */
  RELEASES(WeirSettings.TOPIC_RELEASES),
  /** What could not be judged. */
  DEAD_LETTER(WeirSettings.TOPIC_DEAD_LETTER);

  @SuppressWarnings("ImmutableEnumChecker") // A setting is immutable, and says so in words only.
  private final Setting<String> setting;

  TopicRole(Setting<String> setting) {
    this.setting = setting;
  }

  /** The roles of the topics that the application uses. */
  static Stream<TopicRole> used(Settings settings) {
    return Stream.of(values()).filter(role -> role.isUsed(settings));
  }

  /** The role that the settings give to a topic that is used; empty where they give none. */
  static Optional<TopicRole> of(Settings settings, String topic) {
    return used(settings).filter(role -> role.topic(settings).equals(topic)).findFirst();
  }

  /** Whether a topic is of no use to the application, as no record comes to it. */
  static boolean isUnused(Settings settings, String topic) {
    return Stream.of(values())
        .anyMatch(role -> role.topic(settings).equals(topic) && !role.isUsed(settings));
  }

  /** The topic that has the role. */
  String topic(Settings settings) {
    return settings.get(setting);
  }

  /** Whether the application uses the topic: with its state in Redis, nothing is held. */
  private boolean isUsed(Settings settings) {
    return this != RELEASES || settings.get(WeirSettings.STATE) != StatePlace.REDIS;
  }

  /** The topic that has the role where the settings do not say. */
  String defaultTopic() {
    return setting.defaultText();
  }

  /** The name of the setting that gives the role to a topic. */
  String settingName() {
    return setting.name();
  }

  /** Whether the application must not start: it would lose records or misplace identifiers. */
  boolean preventsStart(TopicDifference difference) {
    return switch (difference.kind()) {
      case MISSING -> true;
      case FEWER_PARTITIONS, MORE_PARTITIONS -> this == REQUESTS;
      case CONFIG -> isCleanupOfRules(difference);
      case REPLICAS -> false;
    };
  }

  /** Whether a difference is about how long rules are kept, which has but one right value. */
  boolean isCleanupOfRules(TopicDifference difference) {
    return this == RULES && difference.property().equals(TopicConfig.CLEANUP_POLICY_CONFIG);
  }
}
