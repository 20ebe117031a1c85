package io.weir.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.DoubleConsumer;
import org.junit.jupiter.api.Test;

class BenchProgressTest {
  private final StringWriter said = new StringWriter();
  private final BenchProgress progress = new BenchProgress(new PrintWriter(said), true, 2, () -> 0);

  @Test
  void aStepIsALineOnceItIsDone() {
    var unused = progress.begin("writing");
    progress.end("done");

    assertThat(said.toString()).endsWith("[1/2] writing: done" + System.lineSeparator());
  }

  @Test
  void saysNothingOnceItIsStopped() {
    DoubleConsumer share = progress.begin("writing");
    progress.stop();
    said.getBuffer().setLength(0);

    share.accept(0);
    progress.end("done");
    progress.begin("reading").accept(0);

    assertThat(said.toString()).isEmpty();
  }
}
