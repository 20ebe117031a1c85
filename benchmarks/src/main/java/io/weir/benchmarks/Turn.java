package io.weir.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** Whose turn it is: each thread goes round all users and begins elsewhere. */
@State(Scope.Thread)
public class Turn {
  private int last;

  /** Puts the threads in different places. */
  @Setup
  public void start(ThreadParams thread) {
    last = thread.getThreadIndex() * 31_337;
  }

  /** The index of the next of {@code count}. */
  public int next(int count) {
    int next = last + 1;
    last = next < count ? next : 0;
    return last;
  }
}
