package io.weir.benchmarks.harness;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** What a bench has measured, in the forms in which it is told. */
public interface Report {

  /** Whether nothing was measured. */
  boolean isEmpty();

  /** Prints tables for people. */
  void print(Ansi ansi, PrintWriter out);

  /** All runs, as an object for JSON. */
  Map<String, Object> json();

  /** The figures that matter most, as an object for JSON whose form does not change. */
  Map<String, Object> headline();
}
