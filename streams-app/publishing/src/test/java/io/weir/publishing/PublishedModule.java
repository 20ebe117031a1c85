package io.weir.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.maven.model.Model;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;

/**
 * A module that others can depend on, as this build leaves it.
 *
 * @param directory where it is
 * @param source its pom.xml
 * @param pom what is published instead of that
 */
record PublishedModule(Path directory, Model source, Model pom) {
  private static final Path ROOT = Path.of("..", "..");

  /** All modules that say that they are published. */
  static List<PublishedModule> all() {
    return read(ROOT.resolve("pom.xml")).getModules().stream()
        .map(ROOT::resolve)
        .flatMap(directory -> of(directory).stream())
        .toList();
  }

  private static Optional<PublishedModule> of(Path directory) {
    Model source = read(directory.resolve("pom.xml"));
    if (!"false".equals(source.getProperties().getProperty("maven.deploy.skip"))) {
      return Optional.empty();
    }
    Path pom = directory.resolve("target/published-pom.xml");
    assertThat(pom)
        .as("is " + source.getArtifactId() + " in streams-app/publishing/pom.xml?")
        .isRegularFile();
    return Optional.of(new PublishedModule(directory, source, read(pom)));
  }

  private static Model read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new MavenXpp3Reader().read(in);
    } catch (IOException | XmlPullParserException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }

  boolean hasJar() {
    return pom.getPackaging().equals("jar");
  }

  /** The jar with that at the end of its name. */
  Path jar(String end) {
    String name =
        Optional.ofNullable(source.getBuild().getFinalName())
            .orElse(pom.getArtifactId() + "-" + pom.getVersion());
    return directory.resolve("target").resolve(name + end + ".jar");
  }

  @Override
  public String toString() {
    return pom.getArtifactId();
  }
}
