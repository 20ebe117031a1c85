package io.weir.streams.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out whether Kafka's clients miss a class that a property names: a plug-in. */
final class MissingClass {
  /** Kafka tells it in words; an exception of its own it has for some of them only. */
  private static final Pattern TOLD =
      Pattern.compile("Class (\\S+) (?:could not|cannot) be found|No LoginModule found for (\\S+)");

  private MissingClass() {}

  /** What it comes to that a class is missing; empty where the failure is another one. */
  static Optional<CommandFailure> find(Throwable thrown) {
    @Nullable Throwable current = thrown;
    while (current != null) {
      Matcher told = TOLD.matcher(String.valueOf(current.getMessage()));
      if (told.find()) {
        String name = told.group(1) != null ? told.group(1) : told.group(2);
        return Optional.of(
            new CommandFailure(
                "the class " + name + ", which a setting kafka.… names, is not on the classpath",
                "name its jar in the environment variable WEIR_CLASSPATH",
                thrown));
      }
      current = current.getCause();
    }
    return Optional.empty();
  }
}
