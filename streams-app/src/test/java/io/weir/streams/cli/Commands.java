package io.weir.streams.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/**
 * Runs commands as a person would, and keeps what they print.
 *
 * @param environment the environment variables
 * @param input standard input
 * @param terminal what the standard streams are connected to
 */
public record Commands(Map<String, String> environment, String input, Terminal terminal) {

  /** Commands in an environment, with pipes for streams. */
  public static Commands in(Map<String, String> environment) {
    return new Commands(environment, "", Terminal.NONE);
  }

  /** The same with something on standard input. */
  public Commands withInput(String newInput) {
    return new Commands(environment, newInput, terminal);
  }

  /** The same with a person at a terminal. */
  public Commands withTerminal() {
    return new Commands(environment, input, new Terminal(true, true, true, true));
  }

  /**
   * What a command did.
   *
   * @param code its exit code
   * @param out what it printed on standard output
   * @param err what it printed on standard error
   */
  public record Result(int code, String out, String err) {}

  /** Runs one command. */
  public Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Weir.commandLine(
            new CommandContext(
                environment,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                terminal));
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = commandLine.execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }
}
