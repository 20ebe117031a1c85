package io.weir.streams.cli.schemas;

import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.RegistryOptions;
import io.weir.streams.cli.TextTable;
import io.weir.streams.cli.TextTable.Cell;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.config.Settings;
import io.weir.streams.serde.HttpSchemaRegistryClient;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir schemas register}. */
@Command(
    name = "register",
    description = {
      "Register the schemas of all topics that Weir writes to, under the names of the settings.",
      "What is registered already stays as it is. They come in one order, so a registry that has",
      "forgotten everything gives them the ids again that are in records, where nothing else was",
      "registered in it. Needed where auto.register.schemas is false; else Weir registers each by",
      "itself when it first writes to a topic."
    },
    footer = {
      "  ./weir schemas register --config weir.yml",
      "  ./weir schemas register --registry http://registry:8081 --json"
    })
final class SchemasRegisterCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private RegistryOptions connection;

  @Option(names = "--json", description = "Print a JSON array, one object for each schema.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  SchemasRegisterCommand(CommandContext context) {
    this.context = context;
  }

  /**
   * A schema that the registry has.
   *
   * @param subject the subject that it is registered under
   * @param version its number within the subject, from 1; null until the registry says it
   * @param id its number in the registry, which is in records
   * @param schema the name of the record
   */
  private record Registered(String subject, @Nullable Integer version, int id, String schema) {
    private Registered withVersion(int newVersion) {
      return new Registered(subject, newVersion, id, schema);
    }
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = connection.settings(context, err);
    HttpSchemaRegistryClient registry = ValueSerdes.impatientRegistry(settings);
    List<Registered> registered = new ArrayList<>();
    boolean isFinished = false;
    try {
      Patience.withRegistry(settings, err)
          .run(
              () ->
                  OwnSchema.all(settings)
                      .forEach(schema -> register(schema, registry, registered)));
      isFinished = true;
    } finally {
      // What was done before something failed must be told too.
      if (isFinished || !registered.isEmpty()) {
        print(registered);
      }
    }
  }

  /** What is registered is told, even where the registry then does not say as which version. */
  private static void register(
      OwnSchema own, HttpSchemaRegistryClient registry, List<Registered> registered) {
    int id = registry.register(own.subject(), own.schema());
    Registered unversioned = new Registered(own.subject(), null, id, own.schema().getName());
    registered.add(unversioned);
    registered.set(
        registered.size() - 1,
        unversioned.withVersion(registry.versionOf(own.subject(), own.schema())));
  }

  private void print(List<Registered> registered) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, registered);
      return;
    }
    TextTable table =
        new TextTable(
            spec.commandLine().getColorScheme().ansi(), "SUBJECT", "VERSION", "ID", "SCHEMA");
    for (Registered each : registered) {
      table.add(
          Cell.plain(each.subject()),
          Cell.plain(Objects.requireNonNullElse(each.version(), "unknown")),
          Cell.plain(each.id()),
          Cell.plain(each.schema()));
    }
    table.print(out);
  }
}
