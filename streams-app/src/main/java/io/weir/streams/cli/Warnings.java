package io.weir.streams.cli;

import java.io.PrintWriter;
import java.util.List;

/** Prints what is odd without being wrong. */
public final class Warnings {
  private Warnings() {}

  /** Prints a line for each. */
  public static void print(PrintWriter err, List<String> warnings) {
    warnings.forEach(warning -> err.println("warning: " + warning));
    err.flush();
  }
}
