package io.weir.streams.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads settings from environment variables: {@code WEIR_} and the setting's name in upper case,
 * with underscores for dots.
 */
final class EnvironmentSource {
  private static final String PREFIX = "WEIR_";

  /**
   * Not settings: the file to read settings from, the instance that {@code query} asks, and what
   * the launcher adds to the classpath.
   */
  private static final Set<String> RESERVED = Set.of("WEIR_CONFIG", "WEIR_URL", "WEIR_CLASSPATH");

  private EnvironmentSource() {}

  /** The variable that sets a setting. */
  static String variableOf(String name) {
    return PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /**
   * What the environment sets.
   *
   * @param mistakes gets a remark for each variable that begins like a setting's and is none
   * @param ignored gets the variables that begin like a setting's, but tell of a service
   */
  static List<GivenSetting> read(
      Map<String, String> environment, Remarks mistakes, List<String> ignored) {
    List<GivenSetting> given = new ArrayList<>();
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              if (!variable.startsWith(PREFIX) || RESERVED.contains(variable)) {
                return;
              }
              if (ServiceLinks.isOne(variable, value)) {
                ignored.add(variable);
                return;
              }
              Origin origin = Origin.variable(variable);
              Optional<String> name = nameOf(variable);
              if (name.isPresent()) {
                given.add(new GivenSetting(name.get(), value, origin));
              } else {
                mistakes.add(origin, unknown(variable));
              }
            });
    return given;
  }

  private static Optional<String> nameOf(String variable) {
    Optional<String> declared =
        WeirSettings.all().stream()
            .filter(setting -> setting.variable().equals(variable))
            .<String>map(Setting::name)
            .findFirst();
    return declared.or(
        () ->
            Optional.of(
                    variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'))
                .filter(SettingsLoader::isPassedThrough));
  }

  private static String unknown(String variable) {
    List<String> variables = WeirSettings.all().stream().<String>map(Setting::variable).toList();
    return "there is no such setting" + Nearest.hint(variable, variables);
  }
}
