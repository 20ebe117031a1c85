package io.weir.streams.containers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the image is. */
@WithContainers
class ImageIT {
  private static final String[] LOCKED_UP = {
    "run", "--rm", "--read-only", "--tmpfs", "/tmp:exec", "--cap-drop", "ALL", "--network", "none"
  };

  /** Of Weir and what it runs with; the base image comes on top. */
  private static final long MOST_BYTES = 150_000_000;

  private final Docker docker = new Docker();
  private final AppImage image;

  ImageIT(AppImage image) {
    this.image = image;
  }

  @Test
  void itIsSmall() {
    long base = bytes(Images.JRE);
    long all = bytes(image.name());
    System.out.printf(
        "The image has %d MB, %d of them in %s%n", all / 1_000_000, base / 1_000_000, Images.JRE);
    assertThat(all - base).isLessThan(MOST_BYTES);
  }

  private long bytes(String name) {
    return Long.parseLong(docker.run("image", "inspect", "--format", "{{.Size}}", name).strip());
  }

  @Test
  void itsLayersAreTheSameHoweverOftenItIsBuilt() {
    try (AppImage again = AppImage.build("--no-cache")) {
      assertThat(layers(again)).isEqualTo(layers(image));
    }
  }

  private String layers(AppImage of) {
    return docker.run("image", "inspect", "--format", "{{json .RootFS.Layers}}", of.name());
  }

  @Test
  void itIsNotRootAndNeedsNoRightsAndNoDisk() {
    assertThat(docker.run("image", "inspect", "--format", "{{.Config.User}}", image.name()))
        .isEqualToIgnoringNewLines("10001:10001");
    assertThat(lockedUp("--version").said()).startsWith("weir ");
  }

  @Test
  void whatMakesNoSenseIsSaidAndNothingIsStarted() {
    Docker.Result misspelt =
        docker.attempt("run", "--rm", "--env", "WEIR_HTTP_PROT=1", image.name());
    assertThat(misspelt.code()).isEqualTo(1);
    assertThat(misspelt.said()).contains("WEIR_HTTP_PROT", "did you mean");
    assertThat(lockedUp("rum").said()).contains("rum");
  }

  private Docker.Result lockedUp(String argument) {
    String[] command = new String[LOCKED_UP.length + 2];
    System.arraycopy(LOCKED_UP, 0, command, 0, LOCKED_UP.length);
    command[LOCKED_UP.length] = image.name();
    command[LOCKED_UP.length + 1] = argument;
    return docker.attempt(command);
  }
}
