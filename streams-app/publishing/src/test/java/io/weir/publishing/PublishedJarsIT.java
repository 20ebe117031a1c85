package io.weir.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the jars that are published. */
class PublishedJarsIT {
  private static final Path LICENSE = Path.of("../../LICENSE");

  static List<PublishedModule> modules() {
    return PublishedModule.all().stream().filter(PublishedModule::hasJar).toList();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aJarHasTheLicenseAndANameAsAModule(PublishedModule module) throws IOException {
    try (JarFile jar = new JarFile(module.jar("").toFile())) {
      assertHasLicense(jar);
      assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
          .startsWith("io.weir.");
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  @EnabledIfSystemProperty(
      named = "weir.release",
      matches = "true",
      disabledReason = "Only the profile release makes jars of sources and javadoc.")
  void aJarHasSourcesAndJavadocBesideIt(PublishedModule module) throws IOException {
    try (JarFile main = new JarFile(module.jar("").toFile());
        JarFile sources = new JarFile(module.jar("-sources").toFile());
        JarFile javadoc = new JarFile(module.jar("-javadoc").toFile())) {
      assertHasLicense(sources);
      if (main.stream().anyMatch(it -> it.getName().endsWith(".class"))) {
        assertThat(sources.stream().map(ZipEntry::getName)).anyMatch(it -> it.endsWith(".java"));
        assertThat(javadoc.getEntry("index.html")).isNotNull();
      } else {
        assertThat(javadoc.getEntry("README.md")).isNotNull();
      }
    }
  }

  private static void assertHasLicense(JarFile jar) throws IOException {
    ZipEntry license = jar.getEntry("META-INF/LICENSE");
    assertThat(license).as("META-INF/LICENSE in " + jar.getName()).isNotNull();
    assertThat(jar.getInputStream(license).readAllBytes()).isEqualTo(Files.readAllBytes(LICENSE));
  }
}
