package io.weir.benchmarks.pipeline;

/** An application under measurement, in this process. */
interface Pipe extends AutoCloseable {
  /** Starts it; returns when it has its partitions and its state. */
  void start() throws InterruptedException;

  /**
   * How many records were processed, of all topics that it reads. Cheap enough to be asked all the
   * time.
   *
   * @throws IllegalStateException if it has failed
   */
  long processed();

  /** All is processed: it stops, and commits before, however long its commit interval is. */
  void finish();

  /** What it counts of itself, since its start. */
  PipeStats stats();

  @Override
  void close();
}
