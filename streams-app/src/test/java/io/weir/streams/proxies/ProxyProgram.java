package io.weir.streams.proxies;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The program of a proxy, that somebody has installed: the file that {@code -Dweir.NAME} says, or
 * the one on the PATH.
 */
enum ProxyProgram {
  ENVOY,
  NGINX,
  CADDY;

  /** What it is called on the PATH. */
  String program() {
    return name().toLowerCase(Locale.ROOT);
  }

  private String property() {
    return "weir." + program();
  }

  /** Why it cannot be run here, if so. */
  Optional<String> missing() {
    return find().isPresent()
        ? Optional.empty()
        : Optional.of(
            "there is no %s on the PATH; .ci/proxies gets one, or -D%s=FILE says where it is"
                .formatted(program(), property()));
  }

  /** The file. */
  Path executable() {
    return find().orElseThrow(() -> new IllegalStateException(missing().orElseThrow()));
  }

  private Optional<Path> find() {
    return candidates().filter(Files::isRegularFile).filter(Files::isExecutable).findFirst();
  }

  private Stream<Path> candidates() {
    String named = System.getProperty(property(), "");
    if (!named.isEmpty()) {
      return Stream.of(Path.of(named).toAbsolutePath());
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory).toAbsolutePath().resolve(program()));
  }
}
