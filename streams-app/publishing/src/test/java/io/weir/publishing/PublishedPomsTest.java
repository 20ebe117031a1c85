package io.weir.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Developer;
import org.apache.maven.model.License;
import org.apache.maven.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What https://central.sonatype.org/publish/requirements/ demands of poms, and what their readers
 * need.
 */
class PublishedPomsTest {
  private static final String VERSION = System.getProperty("weir.version", "");

  static List<PublishedModule> modules() {
    return PublishedModule.all();
  }

  @Test
  void whatIsForOthersIsPublishedAndNothingElse() {
    assertThat(modules())
        .extracting(PublishedModule::toString)
        .containsExactlyInAnyOrder(
            "weir-bom",
            "weir-schemas",
            "weir-limiter",
            "weir-spring-boot-starter",
            "weir-streams-app");
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aPomSaysWhatMavenCentralDemands(PublishedModule module) {
    Model pom = module.pom();
    assertThat(pom.getGroupId()).isEqualTo("io.weir");
    assertThat(pom.getVersion()).isEqualTo(VERSION);
    assertThat(pom.getName()).isNotBlank();
    assertThat(pom.getDescription()).isNotBlank();
    assertThat(pom.getUrl()).isEqualTo(System.getProperty("weir.home"));

    String repository = System.getProperty("weir.repository");
    assertThat(pom.getScm().getUrl()).isEqualTo(repository);
    assertThat(pom.getScm().getConnection()).isEqualTo("scm:git:" + repository);
    assertThat(pom.getScm().getDeveloperConnection()).isEqualTo("scm:git:" + repository);

    assertThat(pom.getLicenses())
        .extracting(License::getUrl)
        .containsExactly("https://www.apache.org/licenses/LICENSE-2.0.txt");
    Developer developer = pom.getDevelopers().get(0);
    assertThat(developer.getName()).isEqualTo(System.getProperty("weir.developer.name"));
    assertThat(developer.getEmail()).isEqualTo(System.getProperty("weir.developer.email"));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aPomNeedsNothingThatIsNotPublished(PublishedModule module) {
    Model pom = module.pom();
    List<String> published = modules().stream().map(PublishedModule::toString).toList();

    assertThat(pom.getParent()).isNull();
    assertThat(pom.getRepositories()).isEmpty();
    assertThat(pom.getPluginRepositories()).isEmpty();
    assertThat(pom.getProfiles()).isEmpty();
    assertThat(pom.getBuild()).isNull();
    assertThat(pom.getDependencies()).extracting(Dependency::getScope).doesNotContain("test");
    for (Dependency needed : named(pom)) {
      if (needed.getGroupId().equals("io.weir")) {
        assertThat(published).contains(needed.getArtifactId());
        assertThat(needed.getVersion()).isIn(VERSION, "${project.version}");
      } else {
        assertThat(needed.getVersion())
            .as(needed.toString())
            .matches("\\d[^$]*")
            .doesNotContain("SNAPSHOT");
      }
    }
  }

  @Test
  void theBillOfMaterialsNamesEveryJar() {
    PublishedModule bill =
        modules().stream().filter(it -> it.toString().equals("weir-bom")).findFirst().orElseThrow();

    assertThat(named(bill.pom()))
        .extracting(Dependency::getManagementKey)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    modules().stream()
                        .filter(PublishedModule::hasJar)
                        .map(it -> "io.weir:" + it + ":jar"),
                    Stream.of(
                        "io.weir:weir-limiter:test-jar:tck",
                        "io.weir:weir-streams-app:jar:testkit"))
                .toList());
  }

  private static List<Dependency> named(Model pom) {
    return pom.getDependencyManagement() == null
        ? pom.getDependencies()
        : pom.getDependencyManagement().getDependencies();
  }
}
