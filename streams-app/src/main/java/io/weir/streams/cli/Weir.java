package io.weir.streams.cli;

import io.weir.streams.cli.compare.CompareCommand;
import io.weir.streams.cli.dev.DevCommand;
import io.weir.streams.cli.gateway.GatewayCommand;
import io.weir.streams.cli.rules.RulesCommand;
import io.weir.streams.cli.run.Logging;
import io.weir.streams.cli.run.RunCommand;
import io.weir.streams.cli.schemas.SchemasCommand;
import io.weir.streams.cli.topics.TopicsCommand;
import io.weir.streams.cli.traffic.RefundCommand;
import io.weir.streams.cli.traffic.ResetCommand;
import io.weir.streams.cli.traffic.SendCommand;
import io.weir.streams.cli.traffic.WatchCommand;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code weir}: {@link #main} is the one place that ends the process. */
@Command(
    name = "./weir",
    mixinStandardHelpOptions = true,
    versionProvider = WeirVersion.class,
    scope = ScopeType.INHERIT,
    usageHelpWidth = 100,
    description = {
      "Rate limiting on Kafka Streams: each request on a topic gets one decision on another.",
      "./weir help COMMAND explains a command, and so does ./weir COMMAND --help."
    },
    synopsisSubcommandLabel = "COMMAND",
    headerHeading = "",
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:What was asked for is done, or answered: with query, also that no rule matches.",
      "1:It is not done, or not all of it; standard error says why, and what to do.",
      "2:The command line is wrong.",
      "3:With check: the request is denied.",
      "130:Ctrl-C (SIGINT) ended it; run, gateway, dev and watch go on until then.",
      "143:SIGTERM ended it, as a service manager does; run and gateway stop cleanly first."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./weir dev                                             try it all on this machine",
      "  ./weir compare                                         choose an algorithm by looking",
      "  ./weir topics apply                                    create the topics",
      "  ./weir schemas register                                register the schemas of the topics",
      "  ./weir rules apply rules.yaml                          put rules in force",
      "  ./weir run --config weir.yml                           judge requests",
      "  ./weir gateway --config weir.yml                       answer callers who cannot wait",
      "  ./weir send --domain api user_id=42 --count 10         send some",
      "  ./weir watch --identifier api/user_id=42               see what is decided",
      "  ./weir refund user_id=42 --decision charged.json       give tokens back that a request took",
      "  ./weir reset api user_id=42                            forget what a user has used",
      "  ./weir query api user_id=42                            see how the limits stand",
      "  ./weir check api user_id=42                            ask a gateway for a decision",
      "  ./weir bench --quick                                   measure what it costs, in two minutes",
      "  ./weir help rules apply                                what a command does and takes"
    })
public final class Weir implements Runnable {
  /** The exit code of a command that failed. */
  public static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "With errors, show where in the program they come from.")
  private boolean verbose;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  private Weir() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String... arguments) {
    run(context -> new AbsentBench(), arguments);
  }

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param bench makes the command {@code bench}, which is not among the production jars
   */
  public static void run(Function<CommandContext, Object> bench, String... arguments) {
    Logging.begin();
    Logging.takeLinesOfJdk();
    CommandLine commandLine = commandLine(CommandContext.ofProcess(), bench);
    Weir weir = commandLine.getCommand();
    System.exit(
        commandLine.setExecutionStrategy(new CommandLog(() -> weir.verbose)).execute(arguments));
  }

  /**
   * The command with all its subcommands.
   *
   * @param context what the commands see of the process
   */
  public static CommandLine commandLine(CommandContext context) {
    return commandLine(context, unused -> new AbsentBench());
  }

  /**
   * The command with all its subcommands.
   *
   * @param context what the commands see of the process
   * @param bench makes the command {@code bench}
   */
  public static CommandLine commandLine(
      CommandContext context, Function<CommandContext, Object> bench) {
    Weir weir = new Weir();
    CommandLine commandLine =
        new CommandLine(weir)
            .addSubcommand(new RunCommand(context))
            .addSubcommand(new GatewayCommand(context))
            .addSubcommand(new DevCommand(context))
            .addSubcommand(TopicsCommand.commandLine(context))
            .addSubcommand(SchemasCommand.commandLine(context))
            .addSubcommand(RulesCommand.commandLine(context))
            .addSubcommand(CompareCommand.commandLine(context))
            .addSubcommand(new SendCommand(context))
            .addSubcommand(new WatchCommand(context))
            .addSubcommand(new RefundCommand(context))
            .addSubcommand(new ResetCommand(context))
            .addSubcommand(new QueryCommand(context))
            .addSubcommand(new CheckCommand(context))
            .addSubcommand(bench.apply(context))
            .addSubcommand(new HelpCommand());
    commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors(context.terminal()))
        .setExecutionExceptionHandler(
            (thrown, command, parsed) ->
                Failures.print(thrown, weir.verbose, command.getErr(), context.terminal()))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                context.terminal().output() && context.terminal().colors() ? Ansi.ON : Ansi.OFF));
    return commandLine;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "which command: " + String.join(", ", spec.subcommands().keySet()) + "?");
  }
}
