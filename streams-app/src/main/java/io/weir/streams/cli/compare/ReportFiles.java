package io.weir.streams.cli.compare;

import io.weir.streams.cli.CommandFailure;
import io.weir.streams.compare.Comparison;
import io.weir.streams.compare.HtmlReport;
import io.weir.streams.compare.Plots;
import io.weir.streams.config.FileFaults;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files that a comparison is written to.
 *
 * @param page where the page goes, if anywhere
 * @param plots the directory that has each plot as a file of its own, if any
 */
record ReportFiles(Optional<Path> page, Optional<Path> plots) {
  private static final String PAGE_HINT = "name another file with --html";
  private static final String PLOTS_HINT = "name another directory with --plots";

  /**
   * Looks whether they can be written, before the work, as far as that can be told; makes the
   * directory.
   *
   * @throws CommandFailure if they cannot
   */
  void prepare() {
    page.ifPresent(ReportFiles::checkWritable);
    plots.ifPresent(ReportFiles::makeDirectory);
  }

  /**
   * Writes the page.
   *
   * @throws CommandFailure if it cannot be written
   */
  void writePage(String title, List<Comparison> comparisons) {
    page.ifPresent(file -> write(file, HtmlReport.of(title, comparisons), PAGE_HINT));
  }

  /**
   * Writes the plots.
   *
   * @throws CommandFailure if one cannot be written
   */
  void writePlots(List<Comparison> comparisons) {
    plots.ifPresent(
        directory ->
            Plots.files(comparisons)
                .forEach((name, plot) -> write(directory.resolve(name), plot, PLOTS_HINT)));
  }

  private static void checkWritable(Path file) {
    Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure(
          FileFaults.unwritable(file, new NoSuchFileException(file.toString())), PAGE_HINT);
    }
    if (Files.isDirectory(file) || !Files.isWritable(Files.exists(file) ? file : directory)) {
      throw new CommandFailure(
          FileFaults.unwritable(file, new AccessDeniedException(file.toString())), PAGE_HINT);
    }
  }

  private static void makeDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new CommandFailure(FileFaults.unwritable(directory, e), PLOTS_HINT, e);
    }
  }

  private static void write(Path file, String text, String hint) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new CommandFailure(FileFaults.unwritable(file, e), hint, e);
    }
  }
}
