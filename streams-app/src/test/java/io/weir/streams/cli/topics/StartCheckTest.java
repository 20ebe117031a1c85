package io.weir.streams.cli.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.config.SettingsLoader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StartCheckTest {
  private final List<TopicSpec> declared = TopicsFile.bundled();
  private final Map<String, TopicSpec> actual = new HashMap<>();

  StartCheckTest() {
    declared.forEach(topic -> actual.put(topic.name(), topic));
  }

  @Test
  void topicsAsDeclaredAreNoObstacle() {
    assertThat(check(Map.of())).isEqualTo(new StartCheck(List.of(), List.of()));
  }

  @Test
  void aMissingTopicPreventsTheStart() {
    actual.remove("weir.rules");

    assertThat(check(Map.of()).obstacles()).containsExactly("weir.rules does not exist");
  }

  @Test
  void anotherNumberOfPartitionsPreventsTheStart() {
    replace("weir.decisions", 12, 3);

    assertThat(check(Map.of()).obstacles())
        .containsExactly("weir.decisions: partitions is 12, declared 6");
  }

  @Test
  void otherReplicasAndConfigsAreWarnings() {
    actual.put(
        "weir.rules",
        new TopicSpec(
            "weir.rules",
            1,
            1,
            new TreeMap<>(Map.of("cleanup.policy", "delete", "min.insync.replicas", "2"))));

    StartCheck check = check(Map.of());

    assertThat(check.obstacles()).isEmpty();
    assertThat(check.warnings())
        .containsExactly(
            "weir.rules: replicas is 1, declared 3",
            "weir.rules: cleanup.policy is delete, declared compact");
  }

  @Test
  void releasesNeedAsManyPartitionsAsTheChecks() {
    assertThat(check(Map.of("repartition.partitions", "12")).obstacles())
        .containsExactly(
            "weir.releases has 6 partitions, but requests are checked in 12; both must be equal");
    assertThat(check(Map.of("repartition.partitions", "12", "input.keyed", "true")).obstacles())
        .isEmpty();
  }

  @Test
  void aTopicOfAnotherNameThanDeclaredNeedOnlyBeThere() {
    Map<String, String> renamed = Map.of("topics.rules", "my.rules");

    assertThat(check(renamed).obstacles())
        .containsExactly("my.rules does not exist (topics.rules of the settings)");

    actual.put("my.rules", new TopicSpec("my.rules", 3, 1, new TreeMap<>()));

    assertThat(check(renamed).obstacles()).isEmpty();
    assertThat(check(renamed).warnings())
        .containsExactly(
            "my.rules: is not declared in the topics file, so only its presence was checked");
  }

  private void replace(String name, int partitions, int replicas) {
    actual.computeIfPresent(
        name, (key, topic) -> new TopicSpec(name, partitions, replicas, topic.configs()));
  }

  private StartCheck check(Map<String, String> settings) {
    return StartCheck.of(SettingsLoader.of(settings), declared, actual);
  }
}
