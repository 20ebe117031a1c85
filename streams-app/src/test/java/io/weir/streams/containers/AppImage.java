package io.weir.streams.containers;

import io.weir.streams.real.RealBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The image of Weir as this build has made it, under a name of its own until it is closed.
 *
 * @param name what the engine has it by
 */
public record AppImage(String name) implements AutoCloseable {

  /** Older engines would ignore streams-app/Dockerfile.dockerignore otherwise. */
  private static final Docker DOCKER = new Docker(Map.of("DOCKER_BUILDKIT", "1"));

  static AppImage build() {
    return build(new String[0]);
  }

  static AppImage build(String... options) {
    AppImage image = new AppImage(RealBroker.uniqueName("weir-test"));
    List<String> command =
        new ArrayList<>(List.of("build", "-f", "streams-app/Dockerfile", "-t", image.name));
    command.addAll(List.of("--build-arg", "JRE_IMAGE=" + Images.JRE));
    command.addAll(List.of(options));
    command.add(".");
    DOCKER.run(command.toArray(String[]::new));
    return image;
  }

  @Override
  public void close() {
    DOCKER.run("image", "rm", "--force", name);
  }
}
