package io.weir.streams.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads settings from environment variables: {@code WEIR_} and the setting's name in upper case,
 * with underscores for dots.
 */
final class EnvironmentSource {
  private static final String PREFIX = "WEIR_";

  /** Not settings: the file to read settings from, and the instance that {@code query} asks. */
  private static final Set<String> RESERVED = Set.of("WEIR_CONFIG", "WEIR_URL");

  /** Kubernetes puts these into every container beside a Service that is called "weir". */
  private static final Pattern KUBERNETES =
      Pattern.compile("WEIR_(SERVICE_(HOST|PORT(_.*)?)|PORT(_\\d+_(TCP|UDP|SCTP)(_.*)?)?)");

  private EnvironmentSource() {}

  /** The variable that sets a setting. */
  static String variableOf(String name) {
    return PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /**
   * What the environment sets.
   *
   * @param mistakes gets one line for each variable that begins like a setting's and is none
   */
  static List<GivenSetting> read(Map<String, String> environment, List<String> mistakes) {
    List<GivenSetting> given = new ArrayList<>();
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              if (!variable.startsWith(PREFIX)
                  || RESERVED.contains(variable)
                  || KUBERNETES.matcher(variable).matches()) {
                return;
              }
              Optional<String> name = nameOf(variable);
              if (name.isPresent()) {
                given.add(new GivenSetting(name.get(), value, variable));
              } else {
                mistakes.add(unknown(variable));
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
    return "environment variable "
        + variable
        + ": there is no such setting"
        + Nearest.hint(variable, variables);
  }
}
