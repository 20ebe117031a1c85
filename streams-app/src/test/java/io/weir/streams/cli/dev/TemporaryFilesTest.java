package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFilesTest {
  private static final int FILES = 2_000;

  @TempDir Path temporary;

  @Test
  void aDirectoryThatIsStillBeingWrittenIntoIsDeletedOnceThatIsOver() throws Exception {
    Path directory = Files.createDirectories(temporary.resolve("a/b"));
    AtomicInteger written = new AtomicInteger();
    Thread writer = new Thread(() -> write(directory, written));
    writer.start();

    Thread.currentThread().interrupt();
    TemporaryFiles.delete(temporary.resolve("a"), Duration.ofMinutes(1));
    assertThat(Thread.interrupted()).as("the interruption is still there").isTrue();
    writer.join();

    TemporaryFiles.delete(temporary.resolve("a"), Duration.ofMinutes(1));
    assertThat(temporary.resolve("a")).doesNotExist();
    assertThat(written).hasValue(FILES);
  }

  @Test
  void whatIsNotThereIsDeletedAlready() {
    TemporaryFiles.delete(temporary.resolve("nowhere"), Duration.ZERO);
  }

  private static void write(Path directory, AtomicInteger written) {
    while (written.get() < FILES) {
      try {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("file-" + written.get()), "");
        written.incrementAndGet();
      } catch (IOException e) {
        // The directory was deleted between the two: that is what this is about.
      }
    }
  }
}
