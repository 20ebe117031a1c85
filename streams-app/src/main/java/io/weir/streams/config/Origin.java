package io.weir.streams.config;

import java.nio.file.Path;
import java.util.Comparator;

/**
 * Where somebody wrote a setting. Origins are ordered as one would look for mistakes: the file line
 * by line, then the environment, then the command line.
 *
 * @param source what kind of place it is
 * @param line the line, where it is a file's
 * @param text how messages name it, to stand before a colon: {@code weir.yml:12}
 */
record Origin(Source source, int line, String text) implements Comparable<Origin> {
  /** The kinds of places. */
  enum Source {
    FILE,
    ENVIRONMENT,
    COMMAND_LINE
  }

  private static final Comparator<Origin> ORDER =
      Comparator.comparing(Origin::source).thenComparing(Origin::line).thenComparing(Origin::text);

  /** A line of a file, from 1. */
  static Origin file(Path file, int line) {
    return new Origin(Source.FILE, line, file + ":" + line);
  }

  /** An environment variable. */
  static Origin variable(String name) {
    return new Origin(Source.ENVIRONMENT, 0, "environment variable " + name);
  }

  /** An option. */
  static Origin commandLine() {
    return new Origin(Source.COMMAND_LINE, 0, "command line");
  }

  @Override
  public int compareTo(Origin other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return text;
  }
}
