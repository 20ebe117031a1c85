package io.weir.benchmarks.pipeline;

/** A part of a section, or all of it. */
interface Part {
  /** How many steps of progress there will be. */
  int steps();

  /** Runs all of it. Each result is added once it is whole. */
  void run(BenchSession session, Measured measured) throws InterruptedException;
}
