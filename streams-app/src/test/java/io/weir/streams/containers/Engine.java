package io.weir.streams.containers;

import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.testcontainers.DockerClientFactory;

/**
 * Whether there can be containers. When it is closed, after the last test, it says in one line what
 * was skipped because there can be none.
 */
final class Engine implements AutoCloseable {
  private final Optional<String> missing;
  private final SortedSet<String> skipped = new ConcurrentSkipListSet<>();

  private Engine(Optional<String> missing) {
    this.missing = missing;
  }

  /** Looks, which takes a moment, and longer where images have to be fetched. */
  static Engine find() {
    return new Engine(whatIsMissing());
  }

  /** Why there can be no containers, if so. */
  Optional<String> missing() {
    return missing;
  }

  /** Notes that a class of tests is not run. */
  void skip(String tests) {
    skipped.add(tests);
  }

  private static Optional<String> whatIsMissing() {
    Docker docker = new Docker();
    try {
      if (docker.attempt("version").code() != 0
          || !DockerClientFactory.instance().isDockerAvailable()) {
        return Optional.of("there is no Docker engine");
      }
    } catch (UncheckedIOException e) {
      return Optional.of("there is no docker command");
    }
    if (docker.attempt("compose", "version").code() != 0) {
      return Optional.of("docker has no compose");
    }
    return Images.all().stream()
        .filter(image -> docker.attempt("image", "inspect", image).code() != 0)
        .filter(image -> !isPulled(docker, image))
        .findFirst()
        .map(image -> "the Docker engine has not got the image " + image);
  }

  private static boolean isPulled(Docker docker, String image) {
    try {
      return docker.attempt("pull", "--quiet", image).code() == 0;
    } catch (AssertionError e) {
      return false; // It takes too long.
    }
  }

  @Override
  public void close() {
    missing
        .filter(why -> !skipped.isEmpty())
        .ifPresent(
            why ->
                System.out.println(
                    "Tests with containers are skipped: "
                        + why
                        + ". These are "
                        + String.join(", ", skipped)
                        + "."));
  }
}
