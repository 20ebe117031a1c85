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
 * Where the build has laid out the jars of the broker and the registry, and Redis. None of them is
 * on the application's classpath.
 *
 * @param directory holds {@code broker}, {@code registry} and {@code redis}
 */
public record EmbeddedFiles(Path directory) {

  /**
   * Checks that all are there.
   *
   * @throws IllegalArgumentException if not
   */
  public EmbeddedFiles {
    for (String part : List.of("broker", "registry", "redis")) {
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
    return String.join(File.pathSeparator, files(directory.resolve("broker"), "*.jar"));
  }

  /** Classpath of the registry: one jar that names the others. */
  String registryClassPath() {
    return String.join(File.pathSeparator, files(directory.resolve("registry"), "*-runner.jar"));
  }

  /** The servers of Redis, one for each kind of machine, which may not be executable yet. */
  List<Path> redis() {
    return files(directory.resolve("redis"), "redis-server-*").stream().map(Path::of).toList();
  }

  private static List<String> files(Path folder, String glob) {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      files.forEach(file -> found.add(file.toAbsolutePath().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
    return found.stream().sorted().toList();
  }
}
