package io.weir.streams.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Says in a sentence why nothing can be made of a file. */
public final class FileFaults {
  private FileFaults() {}

  /** Why it cannot be read. */
  public static String unreadable(Path file, IOException fault) {
    return file + ": " + reason(file, fault);
  }

  private static String reason(Path file, IOException fault) {
    if (fault instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (Files.isDirectory(file)) {
      return "is a directory; name a file in it";
    }
    if (fault instanceof AccessDeniedException) {
      return "cannot be read: this user may not";
    }
    if (fault instanceof CharacterCodingException) {
      return "is not UTF-8 text";
    }
    return "cannot be read";
  }

  /**
   * Why its text is no YAML.
   *
   * @param name what messages call the file
   * @param text what stands in it
   */
  public static String notYaml(String name, String text, YAMLException fault) {
    if (fault instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      return name
          + ":"
          + (marked.getProblemMark().getLine() + 1)
          + ": is not YAML; look at the indentation, the colons, brackets and quotes of this line"
          + " and of those before it";
    }
    if (fault instanceof ReaderException control) {
      int end = Math.min(control.getPosition(), text.length());
      return name
          + ":"
          + (1 + text.substring(0, end).chars().filter(each -> each == '\n').count())
          + ": has the control character U+%04X, which YAML does not allow"
              .formatted(control.getCodePoint());
    }
    return name + ": is too long or too deeply nested to be read as YAML";
  }
}
