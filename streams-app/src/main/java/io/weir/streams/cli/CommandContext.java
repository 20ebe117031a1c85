package io.weir.streams.cli;

import java.io.InputStream;
import java.util.Map;

/**
 * What a command sees of the process that it runs in, so that tests can give it another one.
 *
 * @param environment the environment variables
 * @param input standard input
 * @param terminal what the standard streams are connected to
 */
public record CommandContext(
    Map<String, String> environment, InputStream input, Terminal terminal) {

  /** Copies the variables. */
  public CommandContext {
    environment = Map.copyOf(environment);
  }

  /** The context of this process. */
  static CommandContext ofProcess() {
    return new CommandContext(System.getenv(), System.in, Terminal.ofProcess());
  }
}
