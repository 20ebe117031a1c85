package io.weir.streams.cli.traffic;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** An option's number that makes no sense below 1. */
final class PositiveNumber {
  private PositiveNumber() {}

  /**
   * Returns if the number makes sense.
   *
   * @throws ParameterException if it does not
   */
  static void require(CommandLine commandLine, String option, long number) {
    if (number < 1) {
      throw new ParameterException(
          commandLine, option + " is " + number + "; it must be 1 or more");
    }
  }
}
