package io.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileFaultsTest {
  private static final Path FILE = Path.of("weir.yml");

  @Test
  void whyAFileCannotBeReadIsSaidAsFarAsItIsKnown() {
    assertThat(FileFaults.unreadable(FILE, new AccessDeniedException("weir.yml")))
        .isEqualTo("weir.yml: cannot be read: this user may not");
    assertThat(FileFaults.unreadable(FILE, new FileSystemException("weir.yml", null, "Loop")))
        .isEqualTo("weir.yml: cannot be read: Loop");
    assertThat(FileFaults.unreadable(FILE, new IOException("Input/output error")))
        .isEqualTo("weir.yml: cannot be read: Input/output error");
    assertThat(FileFaults.unreadable(FILE, new IOException()))
        .isEqualTo("weir.yml: cannot be read");
  }
}
