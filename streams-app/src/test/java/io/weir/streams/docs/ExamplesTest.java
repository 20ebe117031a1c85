package io.weir.streams.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.RulesReader;
import io.weir.streams.config.SettingsLoader;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples in the documents compile and load. */
class ExamplesTest {
  private static final Path ROOT = Path.of("..");

  /** What an editor would import for the reader. */
  private static final String IMPORTS =
      """
      import static io.weir.streams.testkit.RequestPart.*;
      import io.weir.limiter.*;
      import io.weir.limiter.algorithm.*;
      import io.weir.limiter.rule.*;
      import io.weir.streams.testkit.WeirTestKit;
      import java.nio.file.Path;
      import java.time.Duration;
      """;

  private record Example(Path file, int line, String text) {
    @Override
    public String toString() {
      return file.normalize().getFileName() + ":" + line;
    }
  }

  static Stream<Example> java() {
    return examples("java");
  }

  static Stream<Example> rules() {
    return examples("yaml").filter(example -> !example.file().endsWith("settings.md"));
  }

  static Stream<Example> settings() {
    return examples("yaml").filter(example -> example.file().endsWith("settings.md"));
  }

  @ParameterizedTest
  @MethodSource("java")
  void javaCompiles(Example example, @TempDir Path directory) {
    Map<Boolean, List<String>> lines =
        example.text().lines().collect(Collectors.partitioningBy(it -> it.startsWith("import ")));
    String source =
        IMPORTS
            + String.join("\n", lines.getOrDefault(true, List.of()))
            + "\nclass Example {\n  void example() throws Exception {\n"
            + String.join("\n", lines.getOrDefault(false, List.of()))
            + "\n  }\n}\n";
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
                List.of(new Source(source)))
            .call();

    assertThat(compiled).as(said + source).isTrue();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void rulesLoad(Example example) {
    boolean whole = example.text().startsWith("domain:");
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

    Source(String text) {
      super(URI.create("string:///Example.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
