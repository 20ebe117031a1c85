package io.weir.streams.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Attributes as arguments of a command line: {@code user_id=42}. */
public final class Attributes {
  private Attributes() {}

  /**
   * The attributes, in their order.
   *
   * @throws ParameterException if an argument is none, or an attribute is there twice
   */
  public static Map<String, String> of(CommandLine command, List<String> arguments) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new ParameterException(
            command, "'" + argument + "' is no attribute; write NAME=VALUE, such as user_id=42");
      }
      String name = argument.substring(0, equals);
      if (attributes.put(name, argument.substring(equals + 1)) != null) {
        throw new ParameterException(
            command, "the attribute " + name + " is there more than once; give it once");
      }
    }
    return attributes;
  }
}
