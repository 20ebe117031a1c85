package io.weir.streams.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.weir.streams.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
  @TempDir Path directory;

  @Test
  void itIsMadeWhereItIsNotThere() {
    Path state = directory.resolve("a/b");

    StateDirectory.require(state);
    StateDirectory.require(state);

    assertThat(state).isDirectory();
  }

  @Test
  void whereItCannotBeTheSettingIsNamed() throws IOException {
    Path state = Files.createFile(directory.resolve("file")).resolve("state");

    assertRefused(state, "the state directory " + state + " cannot be made");
  }

  @Test
  void whereItMayNotBeWrittenToThatIsSaid() throws IOException {
    Path state = Files.createDirectory(directory.resolve("state"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(state), "permissions bind root to nothing");

    assertRefused(state, "the state directory " + state + " cannot be written to");
  }

  private static void assertRefused(Path state, String message) {
    assertThatThrownBy(() -> StateDirectory.require(state))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure ->
                assertThat(failure.hint())
                    .hasValue("name a directory that this user may write to in state.dir"))
        .hasMessage(message);
  }
}
