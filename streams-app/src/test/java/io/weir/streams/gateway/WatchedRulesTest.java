package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.topology.RulesMetrics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedRulesTest {
  private static final Duration INTERVAL = Duration.ofMillis(10);

  @TempDir Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private List<WatchedRules> open = List.of();

  @AfterEach
  void close() {
    open.forEach(WatchedRules::close);
  }

  @Test
  void aChangeIsReadAndTheEditionCounted() throws IOException {
    Path file = write("rules.yaml", "api");
    WatchedRules rules = watch(file);
    assertThat(domains(rules)).containsExactly("api");
    assertThat(rules.current().find("api").map(DomainRules::revision)).hasValue(1L);

    replace(file, yaml("api") + "---\n" + yaml("shop"));

    await().untilAsserted(() -> assertThat(domains(rules)).containsExactly("api", "shop"));
    assertThat(rules.current().find("api").map(DomainRules::revision)).hasValue(2L);
    assertThat(rules.trouble()).isEmpty();
  }

  @Test
  void aFileThatAnEditorPutsInItsPlaceIsRead() throws IOException {
    Path file = write("rules.yaml", "api");
    WatchedRules rules = watch(file);

    Files.move(write("new", "shop"), file, StandardCopyOption.REPLACE_EXISTING);

    await().untilAsserted(() -> assertThat(domains(rules)).containsExactly("shop"));
  }

  @Test
  void aLinkThatKubernetesMovesIsFollowed() throws IOException {
    Path first = Files.createDirectory(directory.resolve("..1"));
    Path second = Files.createDirectory(directory.resolve("..2"));
    Files.writeString(first.resolve("rules.yaml"), yaml("api"));
    Files.writeString(second.resolve("rules.yaml"), yaml("shop"));
    Path data = directory.resolve("..data");
    Files.createSymbolicLink(data, first);
    Path mounted = Files.createDirectory(directory.resolve("mounted"));
    Files.createSymbolicLink(mounted.resolve("rules.yaml"), data.resolve("rules.yaml"));
    WatchedRules ofFile = watch(mounted.resolve("rules.yaml"));
    WatchedRules ofDirectory = watch(mounted);
    assertThat(domains(ofDirectory)).containsExactly("api");

    Path next = Files.createSymbolicLink(directory.resolve("..next"), second);
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

    await().untilAsserted(() -> assertThat(domains(ofFile)).containsExactly("shop"));
    await().untilAsserted(() -> assertThat(domains(ofDirectory)).containsExactly("shop"));
  }

  @Test
  void filesOfADirectoryComeAndGo() throws IOException {
    write("a.yaml", "api");
    write("notes.txt", "not: rules");
    write(".hidden.yaml", "hidden");
    WatchedRules rules = watch(directory);
    assertThat(domains(rules)).containsExactly("api");

    Path more = write("b.yml", "shop");
    await().untilAsserted(() -> assertThat(domains(rules)).containsExactly("api", "shop"));
    Files.delete(more);
    await().untilAsserted(() -> assertThat(domains(rules)).containsExactly("api"));
  }

  @Test
  void rulesThatMakeNoSenseLeaveThoseBeforeInForce() throws IOException {
    Path file = write("rules.yaml", "api");
    WatchedRules rules = watch(file);

    replace(file, "domain: api\ndescriptors:\n  - key: x\n    burts: 1\n");
    await().untilAsserted(() -> assertThat(rules.trouble()).isPresent());
    assertThat(rules.trouble().orElseThrow()).startsWith(file + ":4: ").contains("burts");
    assertThat(domains(rules)).containsExactly("api");
    assertThat(registry.counter("weir.rules.rejected").count()).isEqualTo(1);

    Files.delete(file);
    await()
        .untilAsserted(
            () -> assertThat(rules.trouble()).hasValue(file + ": there is no such file"));
    assertThat(domains(rules)).containsExactly("api");

    replace(file, yaml("api"));
    await().untilAsserted(() -> assertThat(rules.trouble()).isEmpty());
    assertThat(rules.current().find("api").map(DomainRules::revision))
        .as("they are what is in force")
        .hasValue(1L);
  }

  @Test
  void whatNobodyExpectsIsTroubleAndLeavesTheRulesInForce() throws IOException {
    URI archive = URI.create("jar:" + directory.resolve("rules.zip").toUri());
    FileSystem files = FileSystems.newFileSystem(archive, Map.of("create", "true"));
    WatchedRules rules = watch(Files.writeString(files.getPath("rules.yaml"), yaml("api")));

    files.close();

    await()
        .untilAsserted(
            () ->
                assertThat(rules.trouble())
                    .hasValue(
                        "rules.yaml cannot be read: java.nio.file.ClosedFileSystemException"));
    assertThat(domains(rules)).containsExactly("api");
  }

  @Test
  void withoutRulesThereIsNoStart() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.yaml"), "domain: [\n");

    assertThatThrownBy(() -> watch(broken))
        .isInstanceOf(RulesException.class)
        .hasMessageStartingWith(broken + ":");
    assertThatThrownBy(() -> watch(directory.resolve("none.yaml")))
        .hasMessage(directory.resolve("none.yaml") + ": there is no such file");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThatThrownBy(() -> watch(empty))
        .hasMessage(empty + ": there is no .yaml or .yml file in this directory");
  }

  private WatchedRules watch(Path path) {
    WatchedRules rules =
        new WatchedRules(path, RulesReader.standard(), new RulesMetrics(registry), INTERVAL);
    open = Stream.concat(open.stream(), Stream.of(rules)).toList();
    rules.start();
    return rules;
  }

  private void replace(Path file, String text) throws IOException {
    Path next = Files.writeString(directory.resolve("next"), text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<String> domains(WatchedRules rules) {
    return rules.current().domains().stream().map(DomainRules::domain).sorted().toList();
  }

  private Path write(String name, String domain) throws IOException {
    return Files.writeString(directory.resolve(name), yaml(domain));
  }

  private static String yaml(String domain) {
    return "domain: "
        + domain
        + "\ndescriptors:\n  - key: user_id\n    rate_limit: {unit: second, requests_per_unit: 1}\n";
  }
}
