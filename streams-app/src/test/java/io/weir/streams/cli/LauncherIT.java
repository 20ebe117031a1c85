package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a checkout of its own, with a Maven and a Java that only say what they got. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path directory;
  private Path checkout = Path.of("");

  /**
   * What the launcher did.
   *
   * @param code its exit code
   * @param out standard output
   * @param err standard error
   */
  private record Result(int code, String out, String err) {}

  @BeforeEach
  void checkOut() throws IOException {
    checkout = Files.createDirectories(directory.resolve("check out"));
    executable(checkout.resolve("weir"), Files.readString(Path.of("..", "weir")));
    Files.createDirectories(checkout.resolve("streams-app/src/main"));
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Files.writeString(checkout.resolve("topics.yml"), "");
    Files.writeString(checkout.resolve("streams-app/pom.xml"), "<project/>");
    Files.createDirectories(directory.resolve("jdk/bin"));
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    executable(
        directory.resolve("jdk/bin/java"),
        "#!/bin/sh\nfor argument; do printf '<%s>\\n' \"$argument\"; done\nexit 7\n");
    maven("echo '[INFO] Building Weir schemas 1.0                  [1/2]'; ", 0);
  }

  @Test
  void whatIsMissingIsBuiltOnceAndThenRunWithTheArgumentsAsTheyAre() throws Exception {
    Result first = weir(Map.of(), "send", "a b", "*");

    assertThat(first.err().lines())
        .containsExactly(
            "weir: building; the first time takes some minutes", "weir: [1/2] Weir schemas");
    assertThat(first.code()).as("the exit code of Java").isEqualTo(7);
    assertThat(first.out()).endsWith("<io.weir.streams.cli.Weir>\n<send>\n<a b>\n<*>\n");
    assertThat(weir(Map.of(), "send").err()).isEmpty();
  }

  @Test
  void whatIsNewerThanTheBuildIsBuiltAgain() throws Exception {
    weir(Map.of());
    Path source = checkout.resolve("streams-app/src/main/A.java");
    Files.writeString(source, "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(weir(Map.of()).err()).contains("weir: building");
  }

  @Test
  void whatMavenBuiltByItselfNeedsNoSecondBuild() throws Exception {
    Files.createDirectories(checkout.resolve("streams-app/target/lib"));
    Path jar = Files.writeString(checkout.resolve("streams-app/target/weir-streams-app.jar"), "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(weir(Map.of()).err()).isEmpty();
  }

  @Test
  void librariesOfAnEarlierBuildDoNotStay() throws Exception {
    weir(Map.of());
    Path old = checkout.resolve("streams-app/target/lib/old.jar");
    Files.writeString(old, "");
    Files.delete(checkout.resolve("streams-app/target/weir-streams-app.jar"));

    weir(Map.of());

    assertThat(old).doesNotExist();
  }

  @Test
  void aBuildThatFailsShowsWhatMavenSaidAndIsTriedAgain() throws Exception {
    maven(
        """
        printf '\\033[0m\\n'
        echo '[INFO] Building Weir schemas 1.0                  [1/2]'
        echo '[ERROR] COMPILATION ERROR : '
        echo '[ERROR] /a/B.java:[3,5] cannot find symbol'
        printf '[\\033[1;31mERROR\\033[m] Failed to execute goal compile: Compilation failure\\n'
        echo '[ERROR] /a/B.java:[3,5] cannot find symbol'
        echo '[ERROR]   symbol: variable x'
        echo '[ERROR] -> [Help 1]'
        echo '[ERROR] '
        echo '[ERROR] Re-run Maven using the -X switch to enable full debug logging.'
        """,
        1);

    for (int i = 0; i < 2; i++) {
      Result result = weir(Map.of(), "watch");

      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err().lines())
          .containsExactly(
              "weir: building; the first time takes some minutes",
              "weir: [1/2] Weir schemas",
              "Failed to execute goal compile: Compilation failure",
              "/a/B.java:[3,5] cannot find symbol",
              "symbol: variable x",
              "error: the build failed; all that Maven said is in "
                  + checkout.toRealPath()
                  + "/streams-app/target/launcher/build.log",
              "hint: mend what is named above, and the next ./weir builds again");
      assertThat(result.out()).isEmpty();
    }
    assertThat(checkout.resolve("streams-app/target/weir-streams-app.jar"))
        .as("what a running Weir may still read")
        .exists();
  }

  @Test
  void aBuildThatIsKilledIsNotTakenForTheSuccessOfTheOneBefore() throws Exception {
    weir(Map.of());
    Path jar = checkout.resolve("streams-app/target/weir-streams-app.jar");
    Files.delete(jar);
    executable(directory.resolve("bin/mvn"), "#!/bin/sh\nkill -9 $PPID\n");

    Result result = weir(Map.of());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("error: the build failed");
    assertThat(jar).doesNotExist();
  }

  @Test
  void aMavenThatFailsInItsOwnWayIsQuoted() throws Exception {
    maven("echo 'no space left on device'; ", 1);

    assertThat(weir(Map.of(), "watch").err()).contains("\nno space left on device\nerror: ");
  }

  @Test
  void modulesAreToldAsTheyAreBuiltAndNotAtTheEnd() throws Exception {
    maven(
        "echo '[INFO] Building Weir schemas 1.0-SNAPSHOT      [1/2]';"
            + " while [ ! -e go-on ]; do sleep 0.1; done; ",
        0);
    Process building = start(Map.of());

    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(
            () ->
                Files.readString(directory.resolve("err")).endsWith("weir: [1/2] Weir schemas\n"));

    Files.createFile(checkout.resolve("go-on"));
    assertThat(end(building).code()).isEqualTo(7);
  }

  @Test
  void whatADeadLauncherLeftBlocksNobody() throws Exception {
    Path lock = lockOf(dead());

    Result result = weir(Map.of());

    assertThat(result.code()).isEqualTo(7);
    assertThat(result.err()).doesNotContain("waiting");
    assertThat(lock).doesNotExist();
    assertThat(builders()).isEmptyDirectory();
  }

  @Test
  void whatADeadLauncherLeftBlocksNobodyWhereItsNumberIsAnothersNow() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      Path lock = Files.writeString(lockOf(other), "born long ago\n");

      Result result = weir(Map.of());

      assertThat(result.code()).isEqualTo(7);
      assertThat(result.err()).doesNotContain("waiting");
      assertThat(lock).doesNotExist();
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void aLauncherThatLivesIsWaitedFor() throws Exception {
    maven(": > busy; while [ ! -e go-on ]; do sleep 0.1; done; echo built >> builds; ", 0);
    Process building = start(Map.of());
    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(() -> Files.exists(checkout.resolve("busy")));
    Process waiting = start(Map.of());
    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(() -> Files.readString(directory.resolve("err")).contains("waiting"));
    assertThat(Files.readString(directory.resolve("err")))
        .isEqualTo(
            "weir: waiting for the build of another ./weir, process " + building.pid() + "\n");

    Files.createFile(checkout.resolve("go-on"));

    assertThat(end(building).code()).isEqualTo(7);
    assertThat(end(waiting).code()).isEqualTo(7);
    assertThat(checkout.resolve("builds")).hasContent("built");
    assertThat(builders()).isEmptyDirectory();
  }

  @Test
  void ofManyAtOnceOneBuildsAfterALauncherWasKilled() throws Exception {
    // Says so where another is at it, and counts.
    maven("mkdir busy || : > overlap; sleep 1; rmdir busy; echo built >> builds; ", 0);
    lockOf(dead());
    List<Process> launchers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      launchers.add(start(Map.of()));
    }

    for (Process launcher : launchers) {
      assertThat(end(launcher).code()).isEqualTo(7);
    }

    assertThat(checkout.resolve("overlap")).doesNotExist();
    assertThat(checkout.resolve("builds")).hasContent("built");
    assertThat(builders()).isEmptyDirectory();
  }

  @Test
  void aLauncherThatIsInterruptedLeavesNothing() throws Exception {
    maven("sleep 2; ", 0);
    Process interrupted = start(Map.of());
    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(() -> Files.exists(builders().resolve(String.valueOf(interrupted.pid()))));

    interrupted.destroy();

    assertThat(end(interrupted).code()).isEqualTo(143);
    assertThat(builders()).isEmptyDirectory();
  }

  @Test
  void itRunsThroughSymbolicLinksFromAnywhere() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("w"), Path.of("check out", "weir"));
    Path second = Files.createSymbolicLink(directory.resolve("v"), link);

    assertThat(run(Map.of(), second.toString(), "--help").out())
        .contains("<-Dweir.home=" + checkout.toRealPath() + ">");
  }

  @Test
  void javaOptsAreWords() throws Exception {
    assertThat(weir(Map.of("JAVA_OPTS", "-Xmx1g -Da=b"), "run").out())
        .contains("<-Xmx1g>\n<-Da=b>\n");
  }

  @Test
  void whatLivesLongIsCompiledWellAndWhatIsWaitedForStartsFast() throws Exception {
    for (String command : List.of("run", "gateway", "dev")) {
      assertThat(weir(Map.of(), command).out()).doesNotContain("TieredStopAtLevel");
    }
    assertThat(weir(Map.of(), "watch").out()).contains("<-XX:TieredStopAtLevel=1>");
  }

  @Test
  void jarsOfYourOwnComeAfterWeirsOnTheClasspathAsTheyAreWritten() throws Exception {
    String own = "/opt/own serde.jar:/opt/plug-ins/*";
    String weirs =
        weir(Map.of(), "watch")
            .out()
            .lines()
            .filter(it -> it.contains("/lib/*"))
            .findFirst()
            .orElseThrow();

    assertThat(weirs)
        .isEqualTo(
            "<%1$s/weir-streams-app.jar:%1$s/lib/*>",
            checkout.toRealPath().resolve("streams-app/target"));
    assertThat(weir(Map.of("WEIR_CLASSPATH", own), "watch").out())
        .contains("\n<-cp>\n" + weirs.replace(">", ":" + own + ">") + "\n");
    assertThat(weir(Map.of("WEIR_CLASSPATH", ""), "watch").out()).contains("\n" + weirs + "\n");
  }

  @Test
  void benchAndHelpOnItRunFromTheBenchmarks() throws Exception {
    for (String folder : List.of("streams-app/target/lib", "benchmarks/target/lib")) {
      Files.createDirectories(checkout.resolve(folder));
    }
    for (String folder : List.of("broker", "registry", "redis")) {
      Files.createDirectories(checkout.resolve("streams-app/embedded/target").resolve(folder));
    }
    FileTime later = FileTime.from(Instant.now().plusSeconds(60));
    Path benchmarks = checkout.resolve("benchmarks/target/benchmarks.jar");
    for (Path jar :
        List.of(checkout.resolve("streams-app/target/weir-streams-app.jar"), benchmarks)) {
      Files.setLastModifiedTime(Files.writeString(jar, ""), later);
    }

    Result bench = weir(Map.of(), "bench", "--quick");

    assertThat(bench.err()).isEmpty();
    assertThat(bench.out())
        .contains("<" + benchmarks.toRealPath() + ":")
        .endsWith("<io.weir.benchmarks.pipeline.BenchMain>\n<bench>\n<--quick>\n");
    assertThat(weir(Map.of(), "help", "bench").out())
        .endsWith("<io.weir.benchmarks.pipeline.BenchMain>\n<help>\n<bench>\n");
    assertThat(weir(Map.of(), "help", "send").out())
        .endsWith("<io.weir.streams.cli.Weir>\n<help>\n<send>\n");
  }

  @Test
  void itSaysWhichStandardStreamsAreNoTerminal() throws Exception {
    assertThat(weir(Map.of(), "watch").out())
        .contains("<-Dweir.terminal.output=false>", "<-Dweir.terminal.error=false>");
  }

  @Test
  void itSaysWhichStandardStreamsAreATerminal() throws Exception {
    assumeTrue(
        run(Map.of(), "script", "-qec", "true", "/dev/null").code() == 0,
        "there is no \"script\" of util-linux, which gives a command a terminal");
    weir(Map.of());

    String quoted = "'" + checkout.resolve("weir") + "' watch";
    assertThat(run(Map.of(), "script", "-qec", quoted, "/dev/null").out())
        .contains(
            "<-Dweir.terminal.input=true>",
            "<-Dweir.terminal.output=true>",
            "<-Dweir.terminal.error=true>");
    assertThat(run(Map.of(), "script", "-qec", quoted + " 2>/dev/null", "/dev/null").out())
        .contains("<-Dweir.terminal.output=true>", "<-Dweir.terminal.error=false>");
  }

  @Test
  void aJavaThatIsTooOldIsRefused() throws Exception {
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"11.0.2\"\n");

    Result result = weir(Map.of());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("is Java 11; Weir needs 17 or newer");
  }

  @Test
  void aJavaHomeWithoutJavaIsRefused() throws Exception {
    assertThat(weir(Map.of("JAVA_HOME", "/nowhere")).err())
        .isEqualTo("error: JAVA_HOME is /nowhere, but there is no bin/java in it\n");
  }

  @Test
  void anUnpackedBuildNeedsNoSourcesAndNoMaven() throws Exception {
    weir(Map.of());
    Files.delete(checkout.resolve("pom.xml"));
    Files.delete(directory.resolve("bin/mvn"));

    assertThat(weir(Map.of(), "watch").code()).isEqualTo(7);
  }

  /** A Maven that says something, makes what the launcher looks for, and ends so. */
  private void maven(String action, int code) throws IOException {
    Files.createDirectories(directory.resolve("bin"));
    executable(
        directory.resolve("bin/mvn"),
        "#!/bin/sh\n"
            + action
            + "mkdir -p streams-app/target/lib;"
            + " : > streams-app/target/weir-streams-app.jar; exit "
            + code
            + "\n");
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Result weir(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(checkout.resolve("weir").toString()));
    command.addAll(List.of(arguments));
    return run(environment, command.toArray(String[]::new));
  }

  private Path builders() {
    return checkout.resolve("streams-app/target/launcher/builders");
  }

  private Path lockOf(Process launcher) throws IOException {
    Files.createDirectories(builders());
    return Files.createFile(builders().resolve(String.valueOf(launcher.pid())));
  }

  private static Process dead() throws IOException, InterruptedException {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    return dead;
  }

  private Process start(Map<String, String> environment) throws IOException {
    return start(environment, checkout.resolve("weir").toString());
  }

  private Result run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    return end(start(environment, command));
  }

  private Process start(Map<String, String> environment, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().remove("JAVA_OPTS");
    builder.environment().remove("WEIR_CLASSPATH");
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    builder
        .environment()
        .merge("PATH", directory.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Result end(Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Result(
        process.exitValue(),
        Files.readString(directory.resolve("out"), StandardCharsets.UTF_8),
        Files.readString(directory.resolve("err"), StandardCharsets.UTF_8));
  }
}
