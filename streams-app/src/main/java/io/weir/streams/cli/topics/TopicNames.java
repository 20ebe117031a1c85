package io.weir.streams.cli.topics;

import io.weir.streams.config.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Gives declared topics the names that the settings have for them. */
final class TopicNames {
  private TopicNames() {}

  /**
   * The declaration with the settings' names: where it has a topic under the default name of a role
   * and none under the name that the settings give that role, the former is meant. So {@code
   * topics.requests: my.requests} renames the declaration of {@code weir.requests}, unless {@code
   * my.requests} is declared itself. Other topics stay as they are.
   */
  static List<TopicSpec> bySettings(Settings settings, List<TopicSpec> declared) {
    Set<String> names = declared.stream().map(TopicSpec::name).collect(Collectors.toSet());
    Map<String, String> renamed = new TreeMap<>();
    for (TopicRole role : TopicRole.values()) {
      if (!names.contains(role.topic(settings))) {
        renamed.put(role.defaultTopic(), role.topic(settings));
      }
    }
    return declared.stream()
        .map(topic -> topic.withName(renamed.getOrDefault(topic.name(), topic.name())))
        .toList();
  }
}
