package io.weir.streams.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Says in a sentence why nothing can be made of a file. */
public final class FileFaults {
  private static final Pattern ALIAS = Pattern.compile("found undefined alias (.+)");
  private static final Pattern ESCAPE =
      Pattern.compile("found unknown escape character (.+?)\\(", Pattern.DOTALL);

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
    // A file system's message begins with the file's name, which stands before it already.
    @Nullable String said =
        fault instanceof FileSystemException system ? system.getReason() : fault.getMessage();
    return "cannot be read" + (said == null ? "" : ": " + said);
  }

  /** Why it cannot be written. */
  public static String unwritable(Path file, IOException fault) {
    if (fault instanceof NoSuchFileException) {
      return file + ": its directory is not there";
    }
    if (fault instanceof FileAlreadyExistsException) { // Only directories are made.
      return file + ": is a file, where a directory is to be";
    }
    if (Files.isDirectory(file)) {
      return file + ": is a directory; name a file in it";
    }
    if (fault instanceof AccessDeniedException) {
      return file + ": cannot be written: this user may not";
    }
    @Nullable String said =
        fault instanceof FileSystemException system ? system.getReason() : fault.getMessage();
    return file + ": cannot be written" + (said == null ? "" : ": " + said);
  }

  /** Why a name is that of no file. */
  public static String notAPath(String name) {
    return name
        + ": is no name of a file; one with letters beyond ASCII needs a locale that has them, such"
        + " as LC_ALL=C.UTF-8";
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
          + ": "
          + problem(String.valueOf(marked.getProblem()));
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

  /** The mistakes that a look at the line does not show have a sentence of their own. */
  private static String problem(String said) {
    Matcher alias = ALIAS.matcher(said);
    if (alias.matches()) {
      return "*%1$s stands for what is marked with &%1$s, but nothing before it is; quote it if it is a text"
          .formatted(alias.group(1));
    }
    Matcher escape = ESCAPE.matcher(said);
    if (escape.lookingAt()) {
      return "\\"
          + escape.group(1)
          + " means nothing between double quotes; between single quotes a backslash is a backslash";
    }
    if (said.contains("\\t(TAB)")) {
      return "has a tab where YAML allows only spaces";
    }
    return "is not YAML; look at the indentation, the colons, brackets and quotes of this line and of"
        + " those before it";
  }
}
