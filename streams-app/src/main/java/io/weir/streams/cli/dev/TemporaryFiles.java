package io.weir.streams.cli.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Deletes directories that somebody may still be writing into. */
public final class TemporaryFiles {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private TemporaryFiles() {}

  /**
   * Deletes a directory and all that is in it. A file that appears, vanishes or cannot be deleted
   * meanwhile means another try. An interruption changes nothing, and is still there afterwards.
   *
   * @param patience how long to try
   * @throws UncheckedIOException if something is still there then
   */
  public static void delete(Path directory, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    // An interrupted thread would not pause at all.
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          deleteOnce(directory);
          return;
        } catch (IOException e) {
          if (System.nanoTime() - deadline >= 0) {
            throw new UncheckedIOException("files stay in " + directory, e);
          }
          LockSupport.parkNanos(PAUSE.toNanos());
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void deleteOnce(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    for (Path file : deepestFirst(directory)) {
      Files.deleteIfExists(file);
    }
  }

  private static List<Path> deepestFirst(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause(); // A directory that vanished during the walk.
    }
  }
}
