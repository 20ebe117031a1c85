package io.weir.streams.cli.traffic;

import io.weir.schemas.Decision;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.DomainAndAttributes;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Warnings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir refund}. */
@Command(
    name = "refund",
    customSynopsis = {
      "./weir refund [OPTIONS] DOMAIN NAME=VALUE... --charged-at=T",
      "       ./weir refund [OPTIONS] NAME=VALUE... --decision=FILE"
    },
    description = {
      "Give tokens back that a request took.",
      "Name the request's attributes, all of them, and the evaluation_time of its decision. It is",
      "asked for on the requests topic and answered on the decisions topic; what is printed is how",
      "the limits stand then. What comes back depends on the algorithm: of a fixed window that is",
      "over, nothing does (docs/rules.md). Nobody checks that the tokens were taken, beyond what a",
      "--decision tells, or that they come back once only. The exit code is 1 where no rule matches,",
      "and where no answer comes in time."
    },
    footer = {
      "  ./weir refund api user_id=42 --charged-at 2026-11-21T18:00:00.123Z --cost 5",
      "  ./weir watch --from-beginning --request-id r-1 --max 1 --json > charged.json",
      "  ./weir refund user_id=42 endpoint=/login --decision charged.json"
    })
public final class RefundCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private CorrectionOptions options;
  @ArgGroup private Charge charge = new Charge();

  @Option(
      names = "--cost",
      paramLabel = "N",
      converter = OptionTypes.Count.class,
      description = "The tokens that come back: those that the request took, or some. Default: 1.")
  private Optional<Long> cost = Optional.empty();

  private static final class Charge {
    @Option(
        names = "--charged-at",
        paramLabel = "T",
        converter = OptionTypes.Moment.class,
        description =
            "evaluation_time of the decision: milliseconds since the epoch, or a time such "
                + "as 2026-11-21T18:00:00.123Z.")
    private Optional<Instant> at = Optional.empty();

    @Option(
        names = "--decision",
        paramLabel = "FILE",
        description =
            "The decision itself, as ./weir watch --json prints it, for time and domain; - is "
                + "standard input. The attributes are those that its limits tell of: where one is "
                + "missing, different or too many, or the limits cannot have given so many "
                + "tokens, nothing is sent.")
    private Optional<String> decision = Optional.empty();
  }

  /** The command. */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  public RefundCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    if (charge.decision.isEmpty()) {
      send(ofTime());
      return;
    }
    // A mistake in the attributes is found before the file is read.
    Map<String, String> attributes = attributesAlone();
    ChargedDecision decision = ChargedDecision.read(charge.decision.get(), context.input());
    decision.requireMetBy(attributes);
    decision.requireTook(cost());
    send(options
            .request(decision.domain(), attributes, Correction.REFUND)
            .setChargedAt(decision.evaluationTime()))
        .flatMap(decision::beyond)
        .ifPresent(warning -> Warnings.print(spec.commandLine().getErr(), List.of(warning)));
  }

  private Optional<Decision> send(RequestEvent.Builder request) {
    return new CorrectionRun(Correction.REFUND, options, spec.commandLine())
        .run(
            connection.settings(context, spec.commandLine().getErr()),
            request.setCost(cost()).build());
  }

  private long cost() {
    return cost.orElse(1L);
  }

  private Map<String, String> attributesAlone() {
    DomainAndAttributes asked = options.asked(spec.commandLine());
    asked
        .domain()
        .ifPresent(
            domain -> {
              throw new ParameterException(
                  spec.commandLine(),
                  options.namesDomain()
                      ? "the domain '"
                          + domain
                          + "' and --decision exclude each other; the decision names its domain"
                      : "'"
                          + domain
                          + "' is no attribute; write NAME=VALUE. The domain is the decision's");
            });
    return asked.attributes();
  }

  private RequestEvent.Builder ofTime() {
    DomainAndAttributes asked = options.asked(spec.commandLine());
    String domain = asked.requireDomain(spec.commandLine());
    Instant time =
        charge.at.orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--charged-at is missing; it tells the evaluation_time of the decision that is"
                        + " refunded, or --decision the decision"));
    return options.request(domain, asked.attributes(), Correction.REFUND).setChargedAt(time);
  }
}
