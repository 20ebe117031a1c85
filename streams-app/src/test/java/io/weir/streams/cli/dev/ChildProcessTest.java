package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChildProcessTest {

  @Test
  void aLogThatCannotBeCopiedIsNoFailureAndLeavesNothing() throws IOException {
    try (ChildProcess child = new ChildProcess("broker-without-log")) {
      assertThat(child.keepLog()).isEmpty();
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (var files = Files.list(temporary)) {
      assertThat(files).noneMatch(file -> file.toString().contains("weir-broker-without-log"));
    }
  }

  @Test
  void aLogThatIsKeptStaysWhenTheChildIsClosed() throws IOException {
    Path kept;
    try (ChildProcess child = new ChildProcess("child")) {
      Files.writeString(child.log(), "why it ended");
      kept = child.keepLog().orElseThrow();
    }
    assertThat(kept).hasContent("why it ended");
    Files.delete(kept);
  }
}
