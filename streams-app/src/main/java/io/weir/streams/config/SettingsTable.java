package io.weir.streams.config;

import java.util.stream.Collectors;

/** Writes the settings as the table of the documentation. */
public final class SettingsTable {
  private SettingsTable() {}

  /** The whole table as Markdown, with a line for each setting. */
  public static String markdown() {
    return WeirSettings.all().stream()
        .map(SettingsTable::row)
        .collect(
            Collectors.joining(
                "\n",
                "| setting | default | what it is | what it must be |\n|---|---|---|---|\n",
                "\n"));
  }

  private static String row(Setting<?> setting) {
    String value = setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
    return "| `%s` | %s | %s | %s |"
        .formatted(setting.name(), value, setting.doc(), setting.type().expectation());
  }
}
