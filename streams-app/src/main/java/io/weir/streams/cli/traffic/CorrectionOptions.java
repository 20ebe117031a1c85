package io.weir.streams.cli.traffic;

import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.AskedOptions;
import io.weir.streams.cli.DomainAndAttributes;
import io.weir.streams.cli.OptionTypes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whom a request concerns that takes no tokens, and how its answer is waited for. */
final class CorrectionOptions {
  /** A little longer than join.timeout is by default, after which there is an answer anyway. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  @Mixin private AskedOptions whom = new AskedOptions();

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      converter = OptionTypes.RequestId.class,
      description =
          "The request_id. Where duplicates.horizon is set, a second attempt with the "
              + "same one does nothing. Default: a new one.")
  private Optional<String> requestId = Optional.empty();

  @ArgGroup private Waiting waiting = new Waiting();

  @Option(names = "--json", description = "Print the decision as a JSON line.")
  private boolean json;

  private static final class Waiting {
    @Option(
        names = "--wait",
        paramLabel = "TIME",
        converter = OptionTypes.Time.class,
        description = "The longest wait for the answer, such as 10s. Default: 45s.")
    private Optional<Duration> time = Optional.empty();

    @Option(
        names = "--no-wait",
        description = "Do not wait: only send. With --json, print where the request is.")
    private boolean not;
  }

  /**
   * Whom it is about.
   *
   * @throws ParameterException if that makes no sense
   */
  DomainAndAttributes asked(CommandLine command) {
    return whom.read(command);
  }

  /** Whether the option names the domain. */
  boolean namesDomain() {
    return whom.namesDomain();
  }

  /** The request, so far as the options tell. */
  RequestEvent.Builder request(
      String ofDomain, Map<String, String> attributes, Correction correction) {
    return RequestEvent.newBuilder()
        .setRequestId(requestId.orElseGet(() -> UUID.randomUUID().toString()))
        .setDomain(ofDomain)
        .setAttributes(attributes)
        .setOperation(correction.operation());
  }

  /** The longest wait for the answer; empty for none at all. */
  Optional<Duration> patience() {
    return waiting.not ? Optional.empty() : Optional.of(waiting.time.orElse(PATIENCE));
  }

  boolean json() {
    return json;
  }
}
