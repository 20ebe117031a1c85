package io.weir.streams.cli.dev;

import io.weir.streams.cli.CommandFailure;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the build has laid out the jars of the broker and the registry. None of them is on the
 * application's classpath.
 *
 * @param directory holds {@code broker} and {@code registry}
 */
public record EmbeddedFiles(Path directory) {

  /**
   * Checks that both are there.
   *
   * @throws IllegalArgumentException if not
   */
  public EmbeddedFiles {
    for (String part : List.of("broker", "registry")) {
      if (!Files.isDirectory(directory.resolve(part))) {
        throw new IllegalArgumentException(
            "there is no "
                + directory.resolve(part)
                + "; lay it out with: mvn -pl streams-app/embedded process-resources");
      }
    }
  }

  /**
   * Those of the checkout that {@code ./weir} runs from.
   *
   * @param command what needs them, as it is typed
   * @throws CommandFailure if they are not there
   */
  public static EmbeddedFiles ofCheckout(String command) {
    Path directory =
        Path.of(System.getProperty("weir.home", "."), "streams-app", "embedded", "target");
    try {
      return new EmbeddedFiles(directory);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          String.valueOf(e.getMessage()),
          "run " + command + " from a checkout, which lays it out",
          e);
    }
  }

  /** Classpath of the broker: all jars of its folder. */
  String brokerClassPath() {
    return String.join(File.pathSeparator, jars(directory.resolve("broker"), "*.jar"));
  }

  /** Classpath of the registry: one jar that names the others. */
  String registryClassPath() {
    return String.join(File.pathSeparator, jars(directory.resolve("registry"), "*-runner.jar"));
  }

  private static List<String> jars(Path folder, String glob) {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, glob)) {
      jars.forEach(jar -> found.add(jar.toAbsolutePath().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
    return found.stream().sorted().toList();
  }
}
