package io.weir.streams.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * The place of {@code weir bench} where the bench is not: it brings a broker and what it compares
 * with, which the production jars do not hold. The launcher of a checkout runs the real one.
 */
@Command(
    name = "bench",
    description = {
      "Measure on this machine what Weir costs on top of moving the records.",
      "Only in a checkout, where ./weir bench builds it; ./weir bench --help explains it there."
    },
    footer = "  ./weir bench --quick                  the headline figures in two minutes")
final class AbsentBench implements Callable<Integer> {
  @SuppressWarnings("UnusedVariable") // Whatever is asked of it, the answer is the same.
  @Unmatched
  private List<String> arguments = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  AbsentBench() {}

  @Override
  public Integer call() {
    throw new CommandFailure(
        "the bench is not part of this build", "run ./weir bench in a checkout of the sources");
  }
}
