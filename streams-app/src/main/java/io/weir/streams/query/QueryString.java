package io.weir.streams.query;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the query of a URL strictly: nothing is dropped, merged or guessed. */
public final class QueryString {
  private QueryString() {}

  /**
   * The parameters in the order given.
   *
   * @param raw what follows the question mark, as it was sent
   * @throws ProblemException if a parameter comes twice, has no name, or is badly encoded
   */
  public static Map<String, String> parse(Optional<String> raw) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : raw.orElse("").split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = PercentCoding.decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : PercentCoding.decode(pair.substring(equals + 1));
      if (name.isEmpty()) {
        throw new ProblemException(
            ProblemKind.INVALID_REQUEST, "'" + pair + "' has no name; write name=value");
      }
      if (parameters.putIfAbsent(name, value) != null) {
        throw new ProblemException(
            ProblemKind.INVALID_REQUEST,
            "the parameter " + name + " is there more than once; give it once");
      }
    }
    return parameters;
  }

  /**
   * Checks that there are no parameters.
   *
   * @throws ProblemException if there is one
   */
  public static void requireEmpty(Optional<String> raw) {
    for (String name : parse(raw).keySet()) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          "the parameter " + name + " is unknown; this path takes no parameters");
    }
  }
}
