package io.weir.streams.cli.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void anotherNumberOfPartitionsOfTheRequestsPreventsTheStart() {
    replace("weir.requests", 12, 3);
    replace("weir.releases", 12, 3);

    assertThat(check(Map.of()).obstacles())
        .containsExactly("weir.requests: partitions is 12, declared 6");
  }

  @Test
  void partitionsThatTheStateDoesNotDependOnAreWarnings() {
    replace("weir.decisions", 12, 3);
    replace("weir.rules", 2, 3);
    replace("weir.dead-letter", 3, 3);

    assertThat(check(Map.of()))
        .isEqualTo(
            new StartCheck(
                List.of(),
                List.of(
                    "weir.decisions: partitions is 12, declared 6",
                    "weir.rules: partitions is 2, declared 1",
                    "weir.dead-letter: partitions is 3, declared 1")));
  }

  @Test
  void whatAllTopicsDifferInIsOneWarning() {
    replace("weir.requests", 6, 1);
    replace("weir.decisions", 6, 1);
    replace("weir.releases", 6, 2);

    assertThat(check(Map.of()).warnings())
        .containsExactly(
            "weir.requests, weir.decisions: replicas is 1, declared 3",
            "weir.releases: replicas is 2, declared 3");
  }

  @Test
  void otherReplicasAndConfigsAreOneWarningForEachTopic() {
    actual.put(
        "weir.rules",
        new TopicSpec(
            "weir.rules",
            1,
            1,
            new TreeMap<>(Map.of("cleanup.policy", "compact", "min.insync.replicas", "1"))));

    StartCheck check = check(Map.of());

    assertThat(check.obstacles()).isEmpty();
    assertThat(check.warnings())
        .containsExactly(
            "weir.rules: replicas is 1, declared 3; min.insync.replicas is 1, declared 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete", "compact,delete"})
  void rulesThatAreForgottenWithTimePreventTheStart(String policy) {
    for (String name : List.of("weir.rules", "my.rules")) {
      actual.put(
          name,
          new TopicSpec(
              name,
              1,
              3,
              new TreeMap<>(Map.of("cleanup.policy", policy, "min.insync.replicas", "2"))));

      StartCheck check = check(Map.of("topics.rules", name));

      assertThat(check.obstacles())
          .containsExactly(
              name
                  + ": cleanup.policy is "
                  + policy
                  + "; it must be compact, or rules are forgotten with time, and everything is"
                  + " allowed");
      assertThat(check.warnings()).isEmpty();
    }
  }

  @Test
  void aDeclarationThatLetsRulesBeForgottenDoesNotHelp() {
    TopicSpec forgotten =
        new TopicSpec("weir.rules", 1, 3, new TreeMap<>(Map.of("cleanup.policy", "delete")));
    actual.put("weir.rules", forgotten);

    assertThat(StartCheck.of(SettingsLoader.of(Map.of()), List.of(forgotten), actual).obstacles())
        .singleElement()
        .asString()
        .startsWith("weir.rules: cleanup.policy is delete; it must be compact");
  }

  @Test
  void recordsThatATopicDoesNotTakeAreFeared() {
    give("weir.decisions", "max.message.bytes", "262144");
    give("weir.dead-letter", "max.message.bytes", "16384");

    StartCheck check = check(Map.of());

    assertThat(check.obstacles()).isEmpty();
    assertThat(check.warnings())
        .containsExactly(
            "weir.decisions takes records of up to 262144 bytes (max.message.bytes), but a request"
                + " to which many limits apply needs up to 1000000; one that is refused stops its"
                + " partition");
  }

  @Test
  void deadLettersMustHaveRoomForTheirHeaders() {
    give("weir.dead-letter", "max.message.bytes", "16383");

    assertThat(check(Map.of()).obstacles())
        .containsExactly(
            "dead letters may take 16383 bytes, by max.message.bytes of weir.dead-letter and the"
                + " producer's max.request.size; they need 16384");
  }

  @Test
  void deadLettersAreAsLargeAsTopicAndProducerTake() {
    Settings defaults = SettingsLoader.of(Map.of());
    Settings small = SettingsLoader.of(Map.of("kafka.producer.max.request.size", "50000"));
    assertThat(RecordSizes.deadLetterBytes(defaults, actual)).isEqualTo(1_000_000);
    assertThat(RecordSizes.deadLetterBytes(small, actual)).isEqualTo(50_000);
    give("weir.dead-letter", "max.message.bytes", "40000");
    assertThat(RecordSizes.deadLetterBytes(small, actual)).isEqualTo(40_000);
    give("weir.dead-letter", "max.message.bytes", "2000000");
    assertThat(RecordSizes.deadLetterBytes(defaults, actual)).isEqualTo(1_000_000);
  }

  @Test
  void releasesMustReachThePartitionThatHolds() {
    assertThat(check(Map.of("repartition.partitions", "12")))
        .isEqualTo(
            new StartCheck(
                List.of(
                    "weir.releases has 6 partitions, but requests are checked in 12; it must have"
                        + " as many, or what is held for denied requests is never given back"),
                List.of()));
    assertThat(check(Map.of("repartition.partitions", "12", "input.keyed", "true")))
        .isEqualTo(new StartCheck(List.of(), List.of()));

    actual.remove("weir.releases");

    assertThat(check(Map.of()).obstacles()).containsExactly("weir.releases does not exist");
  }

  @Test
  void withStateInRedisTheReleasesTopicIsNotUsedAndNeedNotBeThere() {
    Map<String, String> inRedis = Map.of("state", "redis");
    replace("weir.releases", 3, 1);
    give("weir.releases", "max.message.bytes", "1000");
    assertThat(check(inRedis)).isEqualTo(new StartCheck(List.of(), List.of()));

    actual.remove("weir.releases");

    assertThat(check(inRedis)).isEqualTo(new StartCheck(List.of(), List.of()));
    List<TopicSpec> others =
        declared.stream().filter(topic -> !topic.name().equals("weir.releases")).toList();
    assertThat(StartCheck.of(SettingsLoader.of(inRedis), others, actual).obstacles()).isEmpty();
  }

  @Test
  void aTopicOfAnotherNameIsComparedWithTheDeclarationOfItsRole() {
    Map<String, String> renamed = Map.of("topics.requests", "my.requests");

    assertThat(check(renamed).obstacles()).containsExactly("my.requests does not exist");

    actual.put("my.requests", new TopicSpec("my.requests", 3, 3, configs("weir.requests")));
    replace("weir.releases", 3, 3);

    assertThat(check(renamed).obstacles())
        .containsExactly("my.requests: partitions is 3, declared 6");

    actual.put("my.requests", new TopicSpec("my.requests", 6, 1, configs("weir.requests")));
    replace("weir.releases", 6, 3);

    assertThat(check(renamed))
        .isEqualTo(new StartCheck(List.of(), List.of("my.requests: replicas is 1, declared 3")));
  }

  @Test
  void aDeclarationUnderTheNameOfTheSettingsWinsOverThatOfTheDefaultName() {
    List<TopicSpec> both = new ArrayList<>(declared);
    both.add(new TopicSpec("my.decisions", 9, 3, new TreeMap<>()));

    assertThat(
            TopicNames.bySettings(
                SettingsLoader.of(Map.of("topics.decisions", "my.decisions")), both))
        .isEqualTo(both);
  }

  @Test
  void aTopicThatIsNotDeclaredNeedOnlyBeThere() {
    List<TopicSpec> others =
        declared.stream().filter(topic -> !topic.name().equals("weir.rules")).toList();

    assertThat(StartCheck.of(SettingsLoader.of(Map.of()), others, actual))
        .isEqualTo(
            new StartCheck(
                List.of(),
                List.of(
                    "weir.rules: is not declared in the topics file, so only its presence was"
                        + " checked")));

    actual.remove("weir.rules");

    assertThat(StartCheck.of(SettingsLoader.of(Map.of()), others, actual).obstacles())
        .containsExactly("weir.rules does not exist (topics.rules of the settings)");
  }

  @Test
  void internalTopicsWithFewerReplicasThanTheRequestsAreWarnedOf() {
    String changelog = "mine-weir-limits-changelog";
    actual.put(changelog, new TopicSpec(changelog, 6, 1, new TreeMap<>()));
    String checks = "mine-limit-checks-repartition";
    actual.put(checks, new TopicSpec(checks, 6, 3, new TreeMap<>()));
    Map<String, String> settings = Map.of("application.id", "mine");

    assertThat(StartCheck.topics(SettingsLoader.of(settings)))
        .contains(
            "weir.requests",
            "weir.rules",
            "weir.releases",
            changelog,
            checks,
            "mine-limit-answers-repartition",
            "mine-weir-joins-changelog");
    assertThat(check(settings))
        .isEqualTo(
            new StartCheck(
                List.of(),
                List.of(
                    changelog
                        + " has fewer replicas (1) than weir.requests (3), so brokers that requests"
                        + " survive take state with them; kafka-reassign-partitions changes it")));
  }

  private SortedMap<String, String> configs(String name) {
    return Optional.ofNullable(actual.get(name)).orElseThrow().configs();
  }

  private void replace(String name, int partitions, int replicas) {
    actual.computeIfPresent(
        name, (key, topic) -> new TopicSpec(name, partitions, replicas, topic.configs()));
  }

  private void give(String topic, String config, String value) {
    actual.computeIfPresent(
        topic,
        (name, spec) -> {
          SortedMap<String, String> configs = new TreeMap<>(spec.configs());
          configs.put(config, value);
          return new TopicSpec(name, spec.partitions(), spec.replicas(), configs);
        });
  }

  private StartCheck check(Map<String, String> settings) {
    return StartCheck.of(SettingsLoader.of(settings), declared, actual);
  }
}
