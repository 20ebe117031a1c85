package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesWatchTest {
  @TempDir Path directory;
  private Path file;
  private final List<String> told = new ArrayList<>();

  private final RulesWatch.Listener listener =
      new RulesWatch.Listener() {
        @Override
        public void reloaded() {
          told.add("reloaded");
        }

        @Override
        public void rejected(RulesException why) {
          told.add("rejected: " + why.getMessage());
        }

        @Override
        public void failed(Throwable why) {
          told.add("failed: " + why);
        }
      };

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("rules.yaml"), "one");
  }

  /** Looks only when it is told to; what is made of the file is its text. */
  private RulesWatch<String> watch() {
    return new RulesWatch<>("the rules", () -> RulesFile.allIn(file), this::read, listener);
  }

  private String read(List<RulesFile> files) {
    String text = files.get(0).yaml();
    switch (text) {
      case "senseless" -> throw new RulesException(List.of("rules.yaml:1: no", "rules.yaml:2: no"));
      case "broken" -> throw new IllegalStateException("unforeseen");
      default -> {
        return text;
      }
    }
  }

  @Test
  void aChangeIsInForceWhenTwoLooksFindTheSame() throws IOException {
    try (RulesWatch<String> rules = watch()) {
      Files.writeString(file, "half");
      rules.look();
      Files.writeString(file, "half and the rest");
      rules.look();
      assertThat(rules.get()).isEqualTo("one");

      rules.look();

      assertThat(rules.get()).isEqualTo("half and the rest");
      rules.look();
      assertThat(told).containsExactly("reloaded");
    }
  }

  @Test
  void whatMakesNoSenseIsToldOnceAndLeavesWhatWasInForce() throws IOException {
    try (RulesWatch<String> rules = watch()) {
      Files.writeString(file, "senseless");
      look(rules, 4);
      assertThat(rules.get()).isEqualTo("one");
      assertThat(rules.trouble()).hasValue("rules.yaml:1: no; rules.yaml:2: no");
      assertThat(rules).hasToString("RulesWatch[the rules, rules.yaml:1: no; rules.yaml:2: no]");

      Files.delete(file);
      look(rules, 4);
      Files.writeString(file, "broken");
      look(rules, 4);
      assertThat(rules.trouble())
          .hasValue("the rules cannot be read: java.lang.IllegalStateException: unforeseen");
      Files.writeString(file, "two");
      look(rules, 4);

      assertThat(rules.get()).isEqualTo("two");
      assertThat(rules.trouble()).isEmpty();
      assertThat(rules).hasToString("RulesWatch[the rules]");
      assertThat(told)
          .containsExactly(
              "rejected: rules.yaml:1: no\nrules.yaml:2: no",
              "rejected: " + file + ": there is no such file",
              "failed: java.lang.IllegalStateException: unforeseen",
              "reloaded");
    }
  }

  private static void look(RulesWatch<String> rules, int times) {
    for (int i = 0; i < times; i++) {
      rules.look();
    }
  }

  @Test
  void itLooksByItselfUntilItIsClosed() throws IOException {
    RulesWatch<String> rules = watch();
    rules.start(Duration.ofMillis(5));
    Files.writeString(file, "two");
    await().untilAsserted(() -> assertThat(rules.get()).isEqualTo("two"));

    rules.close();

    Map.of(Duration.ZERO, "0 ms", Duration.ofSeconds(-1), "-1 s")
        .forEach(
            (none, said) ->
                assertThatThrownBy(() -> rules.start(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                        "the interval between two looks at rules files is "
                            + said
                            + "; it must be above 0, such as 1 s"));
    assertThat(rules.get()).isEqualTo("two");
  }

  @Test
  void theTimeBetweenLooksMayBeForEver() {
    try (RulesWatch<String> rules = watch()) {
      rules.start(Duration.ofSeconds(Long.MAX_VALUE));

      assertThat(rules.get()).isEqualTo("one");
    }
  }

  @Test
  void theFilesOfADirectoryAreThoseOfYamlByName() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Files.writeString(directory.resolve("a.yml"), "two");
    Files.writeString(directory.resolve(".hidden.yaml"), "three");
    Files.writeString(directory.resolve("notes.txt"), "four");

    assertThat(RulesFile.allIn(directory))
        .containsExactly(
            new RulesFile(directory.resolve("a.yml").toString(), "two"),
            new RulesFile(file.toString(), "one"));
    assertThat(RulesFile.allIn(file)).containsExactly(new RulesFile(file.toString(), "one"));
    assertThatThrownBy(() -> RulesFile.allIn(empty))
        .isInstanceOf(RulesException.class)
        .hasMessage(empty + ": there is no .yaml or .yml file in this directory");
  }

  @Test
  void whatMakesNoSenseAtTheStartIsAnError() throws IOException {
    Files.writeString(file, "senseless");
    assertThatThrownBy(this::watch)
        .isInstanceOf(RulesException.class)
        .hasMessage("rules.yaml:1: no\nrules.yaml:2: no");
  }
}
