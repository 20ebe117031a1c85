package io.weir.streams.cli;

/**
 * What the standard streams are connected to.
 *
 * @param input whether a person can answer on standard input
 * @param output whether a person reads standard output
 * @param error whether a person reads standard error
 * @param colors whether colours are welcome where a person reads
 */
public record Terminal(boolean input, boolean output, boolean error, boolean colors) {
  /** No terminal at all: pipes and files. */
  public static final Terminal NONE = new Terminal(false, false, false, false);

  /**
   * That of this process. Java 17 cannot tell one stream from another, so the launcher does and
   * says it in system properties; without them all are terminals or none is.
   */
  @SuppressWarnings("SystemConsoleNull") // Console.isTerminal, which tells more, came with Java 22.
  static Terminal ofProcess() {
    boolean console = System.console() != null;
    return new Terminal(
        isTerminal("weir.terminal.input", console),
        isTerminal("weir.terminal.output", console),
        isTerminal("weir.terminal.error", console),
        System.getenv().getOrDefault("NO_COLOR", "").isEmpty());
  }

  private static boolean isTerminal(String property, boolean otherwise) {
    return Boolean.parseBoolean(System.getProperty(property, String.valueOf(otherwise)));
  }
}
