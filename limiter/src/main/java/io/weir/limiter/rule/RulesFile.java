package io.weir.limiter.rule;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A rules file.
 *
 * @param name what messages call it
 * @param yaml its text
 */
public record RulesFile(String name, String yaml) {

  /**
   * Reads a file of UTF-8 text.
   *
   * @throws RulesException if it cannot be read
   */
  public static RulesFile of(Path path) {
    try {
      return new RulesFile(path.toString(), Files.readString(path, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw new RulesException(path + ": there is no such file");
    } catch (CharacterCodingException e) {
      throw new RulesException(path + ": the file is not UTF-8 text");
    } catch (IOException e) {
      throw new RulesException(
          path
              + (Files.isDirectory(path)
                  ? ": is a directory; name a file in it"
                  : ": the file cannot be read"));
    }
  }
}
