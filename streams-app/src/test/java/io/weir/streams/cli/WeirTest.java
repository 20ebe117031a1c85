package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.Commands.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** With {@code -Dweir.golden.write=true} the help is written anew instead of compared. */
class WeirTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/weir/streams/cli/help.txt");

  private final Commands commands = Commands.in(Map.of());

  @Test
  void theHelpIsAsItWasReviewed() throws IOException {
    Result help = commands.run("--help");

    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    if (Boolean.getBoolean("weir.golden.write")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, help.out());
    }
    assertThat(help.out()).isEqualTo(Files.readString(GOLDEN, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyCommandExplainsItselfWithExamples(CommandLine command) {
    assertThat(command.getCommandSpec().usageMessage().description())
        .as(command.getCommandSpec().qualifiedName())
        .isNotEmpty();
    assertThat(command.getUsageMessage())
        .contains("Usage: " + command.getCommandSpec().qualifiedName())
        .contains("Examples:\n  ")
        .doesNotContain("null");
    assertThat(command.getUsageMessage().lines()).allMatch(line -> line.length() <= 100);
    assertThat(command.getCommandSpec().args())
        .as("broken into lines once, by whoever knows how much room there is")
        .allMatch(argument -> argument.description().length == 1);
    assertThat(command.getUsageMessage())
        .as("called as in a checkout")
        .doesNotContainPattern("(?<![./])\\bweir [a-z]");
  }

  @Test
  void theHelpOfSendSaysWhatEachOperationDoes() {
    assertThat(commands.run("send", "--help").out())
        .contains("CHECK takes", "PEEK takes nothing", "REFUND gives", "RESET forgets");
  }

  @Test
  void theListOfCommandsShowsAnExampleOfEach() {
    String help = commands.run("--help").out();

    Weir.commandLine(new CommandContext(Map.of(), System.in, Terminal.NONE))
        .getSubcommands()
        .keySet()
        .forEach(name -> assertThat(help).contains("\n  ./weir " + name));
  }

  @Test
  void whereTheBenchIsNotItSaysWhereItIs() {
    Result result = commands.run("bench", "--quick");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err().lines())
        .containsExactly(
            "error: the bench is not part of this build",
            "hint: run ./weir bench in a checkout of the sources");
  }

  @Test
  void helpPrintsWhatTheOptionPrints() {
    assertThat(commands.run("help")).isEqualTo(commands.run("--help"));
    assertThat(commands.run("help", "send")).isEqualTo(commands.run("send", "--help"));
    assertThat(commands.run("help", "rules", "apply"))
        .isEqualTo(commands.run("rules", "apply", "--help"));
  }

  @Test
  void helpOnACommandThatIsNotThereIsAUsageError() {
    Result result = commands.run("help", "rules", "aply");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: there is no command aply; did you mean apply?\n")
        .contains("hint: see ./weir rules --help");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aCommandThatIsNotThereIsAUsageError() {
    Result result = commands.run("wach");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: there is no command wach; did you mean watch?\n");
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("groups")
  void withoutACommandTheOnesThereAreAreNamed(List<String> arguments) {
    Result result = commands.run(arguments.toArray(String[]::new));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: which command: ").contains("hint: see ./weir");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aMistakeInTheSettingsIsOneLineAndAHint() {
    Result result = Commands.in(Map.of("WEIR_HTTP_PROT", "1")).run("topics", "check");

    assertThat(result.code()).isEqualTo(Weir.FAILED);
    assertThat(result.err().lines())
        .containsExactly(
            "error: environment variable WEIR_HTTP_PROT: there is no such setting; did you mean"
                + " WEIR_HTTP_PORT?",
            "hint: docs/settings.md lists all settings");
  }

  @Test
  void theTraceIsShownOnlyWhenAskedFor() {
    Commands broken = Commands.in(Map.of("WEIR_THREADS", "none"));

    assertThat(broken.run("topics", "check").err()).doesNotContain("\tat ");
    assertThat(broken.run("topics", "check", "--verbose").err())
        .contains("SettingsException")
        .contains("\tat io.weir.streams.config.SettingsLoader");
  }

  @Test
  void theErrorIsColouredOnATerminalOnly() {
    Commands broken = Commands.in(Map.of("WEIR_THREADS", "none"));

    assertThat(broken.run("topics", "check").err()).doesNotContain("\u001b");
    assertThat(broken.withTerminal().run("topics", "check").err())
        .startsWith(
            "\u001b[31merror:\u001b[0m environment variable WEIR_THREADS: threads is 'none'");
  }

  @Test
  void whatIsOddAboutTheSettingsIsWarnedOf() {
    Result result =
        Commands.in(Map.of("WEIR_KAFKA_NO_SUCH", "1")).run("rules", "validate", "missing.yaml");

    assertThat(result.err().lines())
        .first()
        .isEqualTo(
            "warning: environment variable WEIR_KAFKA_NO_SUCH: Kafka has no property no.such; it is"
                + " passed on nevertheless");
  }

  @Test
  void aFileOfSettingsThatIsNotThereIsNoMatterOfSettings() {
    assertThat(commands.run("topics", "check", "-c", "missing.yml").err().lines())
        .containsExactly("error: missing.yml: there is no such file");
    assertThat(Commands.in(Map.of("WEIR_CONFIG", "")).run("send", "missing.jsonl").err())
        .startsWith("error: missing.jsonl: ");
  }

  @Test
  void whatCannotBeDoneAnywayIsSaidWithoutABroker() throws IOException {
    Commands nobody = Commands.in(Map.of("WEIR_BOOTSTRAP_SERVERS", "127.0.0.1:1"));

    assertThat(nobody.run("send", "missing.jsonl").err().lines())
        .containsExactly("error: missing.jsonl: there is no such file");
    assertThat(nobody.run("send", "user_id=42").err().lines())
        .containsExactly(
            "error: user_id=42: there is no such file",
            "hint: attributes NAME=VALUE need --domain");
    assertThat(nobody.run("send", "src").err().lines())
        .containsExactly("error: src: is a directory; name a file in it");
    String noName =
        "error: a\0b: is no name of a file; one with letters beyond ASCII needs a locale that has"
            + " them, such as LC_ALL=C.UTF-8";
    assertThat(nobody.run("send", "a\0b").err().lines()).containsExactly(noName);
    assertThat(nobody.run("rules", "validate", "a\0b").err().lines()).containsExactly(noName);
  }

  @Test
  void theVersionNamesWeirAndJava() {
    assertThat(commands.run("--version").out()).startsWith("weir ").contains("Java ");
  }

  @Test
  void brokersThatDoNotAnswerAreASentenceAndAHint() {
    Commands nobody =
        Commands.in(
            Map.of(
                "WEIR_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                "WEIR_KAFKA_ADMIN_DEFAULT_API_TIMEOUT_MS", "300",
                "WEIR_KAFKA_ADMIN_REQUEST_TIMEOUT_MS", "200"));

    Result result = nobody.run("topics", "check");

    assertThat(result.code()).isEqualTo(Weir.FAILED);
    assertThat(result.err().lines())
        .containsExactly(
            "error: Kafka does not answer at 127.0.0.1:1",
            "hint: is it running and not overloaded, and is bootstrap.servers right? --bootstrap-server sets it");
  }

  static Stream<CommandLine> all() {
    return withSubcommands(
        Weir.commandLine(new CommandContext(Map.of(), System.in, Terminal.NONE)));
  }

  private static Stream<CommandLine> withSubcommands(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(WeirTest::withSubcommands));
  }

  static Stream<List<String>> groups() {
    return Stream.of(List.of(), List.of("topics"), List.of("rules"));
  }
}
