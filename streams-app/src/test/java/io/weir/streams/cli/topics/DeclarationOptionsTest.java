package io.weir.streams.cli.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.config.SettingsLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DeclarationOptionsTest {
  private static final String LEFT_OUT =
      " is left out: with state: redis nothing is held that is to be released, so no record comes"
          + " to it";

  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;

  @Test
  void aTopicThatAFileDeclaresAndNobodyUsesIsToldToBeLeftOut() throws IOException {
    Path file = declaring("weir.releases");

    assertThat(declared(Map.of("state", "redis"), file.toString()))
        .containsExactly("weir.requests");
    assertThat(err.toString().lines())
        .containsExactly("warning: weir.releases of " + file + LEFT_OUT);
  }

  @Test
  void theSameIsToldOfTheFileOfTheSettingsAndOfAnotherName() throws IOException {
    Path file = declaring("my.releases");

    assertThat(
            declared(
                Map.of(
                    "state", "redis",
                    "topics.releases", "my.releases",
                    "topics.file", file.toString())))
        .containsExactly("weir.requests");
    assertThat(err.toString().lines())
        .containsExactly("warning: my.releases of " + file + LEFT_OUT);
  }

  @Test
  void whatNobodyDeclaresIsLeftOutWithoutAWord() {
    assertThat(declared(Map.of("state", "redis"))).hasSize(4).doesNotContain("weir.releases");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatIsUsedIsNotLeftOut() throws IOException {
    assertThat(declared(Map.of(), declaring("weir.releases").toString()))
        .containsExactly("weir.requests", "weir.releases");
    assertThat(err.toString()).isEmpty();
  }

  private Path declaring(String releases) throws IOException {
    return Files.writeString(
        directory.resolve("my-topics.yml"),
        """
        - apiVersion: kafka.jikkou.io/v1
          kind: KafkaTopic
          metadata: {name: weir.requests}
          spec: {partitions: 3, replicas: 1}
        - apiVersion: kafka.jikkou.io/v1
          kind: KafkaTopic
          metadata: {name: %s}
          spec: {partitions: 3, replicas: 1}
        """
            .formatted(releases));
  }

  private List<String> declared(Map<String, String> settings, String... arguments) {
    return CommandLine.populateCommand(new DeclarationOptions(), arguments)
        .declared(SettingsLoader.of(settings), new PrintWriter(err, true))
        .stream()
        .map(TopicSpec::name)
        .toList();
  }
}
