package io.weir.limiter.rule;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rules file.
 *
 * @param name what messages call it
 * @param yaml its text
 */
public record RulesFile(String name, String yaml) {
  private static final Pattern RULES_FILE = Pattern.compile("[^.].*\\.ya?ml");

  /**
   * Reads a file of UTF-8 text.
   *
   * @throws RulesException if it cannot be read
   */
  public static RulesFile of(Path path) {
    try {
      return new RulesFile(path.toString(), Files.readString(path, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new RulesException(path + ": " + reason(path, e), e);
    }
  }

  /**
   * Reads a file, or of a directory those whose names end in {@code .yaml} or {@code .yml} and do
   * not begin with a dot, by name.
   *
   * @throws RulesException if one cannot be read, or the directory has none
   */
  public static List<RulesFile> allIn(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(of(path));
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(path)) {
      files =
          entries
              .filter(entry -> RULES_FILE.matcher(entry.getFileName().toString()).matches())
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new RulesException(path + ": the directory cannot be read: " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw new RulesException(path + ": there is no .yaml or .yml file in this directory");
    }
    return files.stream().map(RulesFile::of).toList();
  }

  /** Why it cannot be read. */
  static String reason(Path path, IOException fault) {
    if (fault instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (fault instanceof CharacterCodingException) {
      return "the file is not UTF-8 text";
    }
    if (fault instanceof AccessDeniedException) {
      return "the file cannot be read: this user may not";
    }
    if (Files.isDirectory(path)) {
      return "is a directory; name a file in it";
    }
    // A file system's message begins with the file's name, which stands before it already.
    @Nullable String said =
        fault instanceof FileSystemException file ? file.getReason() : fault.getMessage();
    return "the file cannot be read" + (said == null ? "" : ": " + said);
  }
}
