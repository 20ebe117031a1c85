package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeyMemoryTest {
  @Test
  void tellsTheBytesOfEachLibraryBesideThoseOfBucket4j() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new KeyMemory(100).print(new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(8)
        .allMatch(line -> line.matches(".+ -?[0-9.]+ bytes a key +-?[0-9.]+ of Bucket4j's"))
        .anyMatch(line -> line.startsWith("Weir token_bucket"))
        .anyMatch(line -> line.startsWith("Guava"));
  }
}
