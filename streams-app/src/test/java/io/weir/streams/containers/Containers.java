package io.weir.streams.containers;

import java.io.UncheckedIOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.DockerClientFactory;

/** What {@link WithContainers} does. */
final class Containers implements ExecutionCondition, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(Containers.class);

  /** Asks once for all tests of a JVM. */
  private static final class Answer {
    static final Optional<String> MISSING = missing();

    static {
      MISSING.ifPresent(
          why -> System.out.println("Tests with containers are skipped: " + why + "."));
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Answer.MISSING
        .map(ConditionEvaluationResult::disabled)
        .orElseGet(() -> ConditionEvaluationResult.enabled("there is a Docker engine"));
  }

  /** Why there can be no containers, if so. */
  private static Optional<String> missing() {
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
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == AppImage.class || type == Surroundings.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // The root store closes what it holds when the last test has run.
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            parameter.getParameter().getType(), Containers::make, AutoCloseable.class);
  }

  private static AutoCloseable make(Class<?> type) {
    return type == AppImage.class ? AppImage.build() : Surroundings.start();
  }
}
