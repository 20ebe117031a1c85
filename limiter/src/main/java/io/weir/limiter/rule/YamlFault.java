package io.weir.limiter.rule;

/** A fault of a YAML text after which nothing of it can be used. */
final class YamlFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;

  YamlFault(int line, String message) {
    super(message);
    this.line = line;
  }

  int line() {
    return line;
  }
}
