package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.BenchProgress;

/** What the command has run: a bench, or in tests what stands for one. */
interface Measurement {
  /** How many steps of progress there will be. */
  int steps();

  /** Runs all of it. What is measured by then stays when it fails. */
  void run(BenchProgress progress, Measured measured) throws InterruptedException;
}
