package io.weir.streams.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.RulesReader;
import io.weir.streams.config.SettingsLoader;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples in the documents compile, load and run as they stand there. */
class ExamplesTest {
  private static final Path ROOT = Path.of("..");

  private record Example(Path file, int line, String text) {
    private static final Pattern CLASS = Pattern.compile("(?m)^(?:public )?class (\\w+)");

    /** The class that it is; empty for statements. */
    Optional<String> className() {
      return CLASS.matcher(text).results().map(found -> found.group(1)).findFirst();
    }

    /** Whether it runs by itself. */
    boolean isProgram() {
      return className().isPresent() && (text.contains(" main(") || text.contains("@Test"));
    }

    /** What a compiler takes: statements need a class around them. */
    String unit() {
      if (className().isPresent()) {
        return text;
      }
      Map<Boolean, List<String>> lines =
          text.lines().collect(Collectors.partitioningBy(it -> it.startsWith("import ")));
      return String.join("\n", lines.getOrDefault(true, List.of()))
          + "\nclass Example {\n  void example() throws Exception {\n"
          + String.join("\n", lines.getOrDefault(false, List.of()))
          + "\n  }\n}\n";
    }

    @Override
    public String toString() {
      return file.normalize().getFileName() + ":" + line;
    }
  }

  static Stream<Example> java() {
    return examples("java");
  }

  static Stream<Example> programs() {
    return java().filter(Example::isProgram);
  }

  static Stream<Example> rules() {
    return examples("yaml").filter(example -> !example.file().endsWith("settings.md"));
  }

  static Stream<Example> settings() {
    return examples("yaml").filter(example -> example.file().endsWith("settings.md"));
  }

  @ParameterizedTest
  @MethodSource("java")
  void javaCompilesAsItStandsThere(Example example, @TempDir Path directory) {
    compile(example, directory);
  }

  /** What a reader pastes beside the rules.yaml of the same document. */
  @ParameterizedTest
  @MethodSource("programs")
  void programsRun(Example example, @TempDir Path directory) throws Exception {
    compile(example, directory);
    Example rules =
        rules()
            .filter(it -> it.file().equals(example.file()) && it.text().startsWith("# rules.yaml"))
            .findFirst()
            .orElseThrow();
    Files.writeString(directory.resolve("rules.yaml"), rules.text());
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                directory + File.pathSeparator + System.getProperty("java.class.path"),
                ExampleMain.class.getName(),
                example.className().orElseThrow())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    try {
      boolean ended = process.waitFor(1, TimeUnit.MINUTES);
      assertThat(ended).as("ended within a minute: " + Files.readString(log)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log))
        .contains(example.text().contains("@Test") ? "ran" : "allowed");
  }

  @Test
  void mavenFindsWhatTheExamplesNeed() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    Pattern dependency =
        Pattern.compile(
            "<groupId>(.+?)</groupId>\\s*<artifactId>(.+?)</artifactId>\\s*<version>(.+?)</version>");

    List<MatchResult> dependencies =
        examples("xml").flatMap(it -> dependency.matcher(it.text()).results()).toList();

    assertThat(dependencies).hasSize(7);
    for (MatchResult named : dependencies) {
      if (named.group(1).equals("io.weir")) {
        assertThat(pom)
            .containsPattern(
                "<artifactId>weir</artifactId>\\s*<version>" + Pattern.quote(named.group(3)));
        assertThat(ROOT.resolve(named.group(2).replaceFirst("weir-", ""))).isDirectory();
      } else {
        assertThat(pom).contains(".version>" + named.group(3) + "<");
      }
    }
  }

  private static void compile(Example example, Path directory) {
    StringWriter said = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-d",
                    directory.toString(),
                    "-cp",
                    System.getProperty("java.class.path")),
                null,
                List.of(new Source(example.className().orElse("Example"), example.unit())))
            .call();

    assertThat(compiled).as(said + example.unit()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void rulesLoad(Example example) {
    boolean whole = example.text().lines().anyMatch(line -> line.startsWith("domain:"));
    if (!whole) {
      assertThat(example.text()).startsWith("# in a file of rules, under descriptors:\n");
    }
    String text = whole ? example.text() : "domain: api\ndescriptors:\n" + example.text();
    assertThat(RulesReader.standard().read(example.toString(), text).descriptors()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void settingsLoad(Example example, @TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("weir.yml"), example.text());
    assertThat(SettingsLoader.load(Optional.of(file), Map.of(), Map.of())).isNotNull();
  }

  private static Stream<Example> examples(String language) {
    Pattern block =
        Pattern.compile("^```" + language + "\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    List<Example> examples = new ArrayList<>();
    try (Stream<Path> documents = Files.list(ROOT.resolve("docs"))) {
      for (Path file :
          Stream.concat(Stream.of(ROOT.resolve("README.md")), documents)
              .filter(it -> it.toString().endsWith(".md"))
              .sorted()
              .toList()) {
        String text = Files.readString(file);
        Matcher matcher = block.matcher(text);
        while (matcher.find()) {
          int line = (int) text.substring(0, matcher.start(1)).lines().count() + 1;
          examples.add(new Example(file, line, matcher.group(1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return examples.stream();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("string:///" + className + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
