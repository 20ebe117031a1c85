package io.weir.streams.cli.run;

import io.weir.streams.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory of the local state, looked at before anything is started. */
final class StateDirectory {
  private static final String HINT = "name a directory that this user may write to in state.dir";

  private StateDirectory() {}

  /**
   * Makes the directory if it is not there.
   *
   * @throws CommandFailure if no state can be kept there
   */
  static void require(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new CommandFailure("the state directory " + directory + " cannot be made", HINT, e);
    }
    if (!Files.isWritable(directory)) {
      throw new CommandFailure("the state directory " + directory + " cannot be written to", HINT);
    }
  }
}
