package io.weir.streams.cli.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.cli.CommandFailure;
import io.weir.streams.config.SettingsLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsFileTest {

  private static final String TOPIC =
      """
      apiVersion: kafka.jikkou.io/v1
      kind: KafkaTopic
      metadata:
        name: a
      spec:
        partitions: 6
        replicas: 3
        configs:
          retention.ms: 1000
          min.insync.replicas: 2
      """;

  @Test
  void theFileAtTheTopDeclaresTheTopicsOfTheDefaultSettings() {
    assertThat(TopicsFile.read(Path.of("..", "topics.yml")))
        .extracting(TopicSpec::name)
        .containsExactlyInAnyOrderElementsOf(SettingsLoader.of(Map.of()).topics().values());
  }

  @Test
  void theJarCarriesTheFileAtTheTop() {
    assertThat(TopicsFile.bundled()).isEqualTo(TopicsFile.read(Path.of("..", "topics.yml")));
  }

  @Test
  void clientsClocksDoNotMatterWhereTheBrokerStamps() {
    assertThat(TopicsFile.bundled())
        .filteredOn(topic -> "LogAppendTime".equals(topic.configs().get("message.timestamp.type")))
        .extracting(TopicSpec::name)
        .containsExactly("weir.requests", "weir.releases", "weir.dead-letter");
  }

  @Test
  void documentsListsAndKafkaTopicListsAreRead() {
    String list =
        """
        apiVersion: kafka.jikkou.io/v1beta2
        kind: KafkaTopicList
        items:
          - metadata: {name: b}
            spec: {partitions: 1, replicas: 1}
        """;
    String plainList =
        "- {apiVersion: kafka.jikkou.io/v1, kind: KafkaTopic,"
            + " metadata: {name: c}, spec: {partitions: 2, replicas: 1}}\n";

    assertThat(TopicsFile.parse("f", TOPIC + "---\n" + list + "---\n" + plainList))
        .containsExactly(
            new TopicSpec(
                "a",
                6,
                3,
                new TreeMap<>(Map.of("retention.ms", "1000", "min.insync.replicas", "2"))),
            new TopicSpec("b", 1, 1, new TreeMap<>()),
            new TopicSpec("c", 2, 1, new TreeMap<>()));
  }

  @Test
  void fewerReplicasLowerWhatMustBeInSyncToo() {
    TopicSpec topic = TopicsFile.parse("f", TOPIC).get(0);

    assertThat(topic.withReplicas(1).configs()).containsEntry("min.insync.replicas", "1");
    assertThat(topic.withReplicas(5).configs()).containsEntry("min.insync.replicas", "2");
    assertThat(topic.withReplicas(1).replicas()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: KafkaTopic             | kind: Topic             | f:1: kind is 'Topic'; it must be KafkaTopic
          kafka.jikkou.io/v1           | v1                      | f:1: apiVersion is 'v1'; it must be kafka.jikkou.io/v1
          partitions: 6                | partitions: 0           | f:6: partitions is '0'; it must be 1 or more
          partitions: 6                | partition: 6            | f:6: partitions is missing
          replicas: 3                  | replicas: [3]           | f:7: replicas must be a plain value
          metadata:                    | metadata: x             | f:4: is not YAML; look at the indentation
          retention.ms: 1000           | min.insync.replicas: x  | f:9: min.insync.replicas is 'x'; it must be 1 or more
          retention.ms: 1000           | retention.ms: {a: b}    | f:9: a value of configs must be a plain value
          """)
  void aMistakeIsReportedWithItsLine(String right, String wrong, String message) {
    String text = TOPIC.replaceFirst(java.util.regex.Pattern.quote(right), wrong);
    assertThatThrownBy(() -> TopicsFile.parse("f", text))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(message);
  }

  @Test
  void aTopicThatIsDeclaredTwiceIsAMistake() {
    assertThatThrownBy(() -> TopicsFile.parse("f", TOPIC + "---\n" + TOPIC))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("f:15: the topic a is declared twice");
  }

  @Test
  void aFileWithoutTopicsIsAMistake() {
    assertThatThrownBy(() -> TopicsFile.parse("f", "[]\n"))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("f: declares no topic");
  }

  @Test
  void aFileThatIsMissingIsSaidToBe() {
    assertThatThrownBy(() -> TopicsFile.read(Path.of("missing.yml")))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("missing.yml: there is no such file");
  }

  @Test
  void differencesAreFoundInTheOrderOfTheDeclaration() {
    TopicSpec declared = TopicsFile.parse("f", TOPIC).get(0);
    TopicSpec missing = new TopicSpec("b", 1, 1, new TreeMap<>());
    TopicSpec actual =
        new TopicSpec(
            "a",
            4,
            1,
            new TreeMap<>(Map.of("retention.ms", "5", "min.insync.replicas", "2", "x", "y")));

    assertThat(TopicComparison.compare(List.of(missing, declared), Map.of("a", actual)))
        .extracting(TopicDifference::sentence)
        .containsExactly(
            "b does not exist",
            "a: partitions is 4, declared 6",
            "a: replicas is 1, declared 3",
            "a: retention.ms is 5, declared 1000");
  }
}
