package io.weir.benchmarks.pipeline;

import io.weir.streams.cli.Weir;

/** The command {@code weir} with a bench that can be run: what {@code ./weir bench} starts. */
public final class BenchMain {
  private BenchMain() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String... arguments) {
    Weir.run(BenchCommand::new, arguments);
  }
}
