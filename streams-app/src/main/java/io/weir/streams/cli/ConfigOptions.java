package io.weir.streams.cli;

import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Where the settings come from. */
public class ConfigOptions {
  private static final String CONFIG_VARIABLE = "WEIR_CONFIG";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      converter = OptionTypes.FilePath.class,
      description = "Settings in YAML. Without it the file that WEIR_CONFIG names, if any.")
  private Optional<Path> config = Optional.empty();

  /**
   * The settings that options, environment and file come to.
   *
   * @throws io.weir.streams.config.SettingsException if they are wrong
   */
  public final Settings settings(CommandContext context) {
    Map<String, String> options = new TreeMap<>();
    addSettings(options);
    Optional<Path> file =
        config.or(
            () ->
                Optional.ofNullable(context.environment().get(CONFIG_VARIABLE))
                    .filter(variable -> !variable.isEmpty())
                    .map(Path::of));
    return SettingsLoader.load(file, context.environment(), options);
  }

  /**
   * The same, for a command that a person waits for: it says what is odd about them.
   *
   * @throws io.weir.streams.config.SettingsException if they are wrong
   */
  public final Settings settings(CommandContext context, PrintWriter err) {
    Settings settings = settings(context);
    Warnings.print(err, settings.warnings());
    return settings;
  }

  /** Adds the settings that options stand for, by name. */
  void addSettings(Map<String, String> settings) {}
}
