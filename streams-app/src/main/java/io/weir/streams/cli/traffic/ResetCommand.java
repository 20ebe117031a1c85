package io.weir.streams.cli.traffic;

import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.DomainAndAttributes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir reset}. */
@Command(
    name = "reset",
    customSynopsis = "./weir reset [OPTIONS] DOMAIN NAME=VALUE...",
    description = {
      "Forget what identifiers have used: their limits are full again.",
      "The attributes name the identifiers, such as a user; all limits of each go, also those that",
      "these attributes do not lead to. It is asked for on the requests topic and answered on the",
      "decisions topic; what is printed is how the limits stand then. The exit code is 1 where no",
      "rule names these attributes, and where no answer comes in time."
    },
    footer = {
      "  ./weir reset api user_id=42",
      "  ./weir reset --domain api user_id=42 ip=10.0.0.1 --json"
    })
public final class ResetCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private CorrectionOptions options;

  /** The command. */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  public ResetCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    DomainAndAttributes asked = options.asked(spec.commandLine());
    String domain = asked.requireDomain(spec.commandLine());
    RequestEvent request = options.request(domain, asked.attributes(), Correction.RESET).build();
    new CorrectionRun(Correction.RESET, options, spec.commandLine())
        .run(connection.settings(context, spec.commandLine().getErr()), request);
  }
}
